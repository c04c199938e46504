{#- Shopify. -#}

{#- The view that holds an entity of the source contract in the form of the loader in use. -#}
{% macro shopify_base(name) -%}
    {%- set loaders = {
        'tap_shopify': 'base_shopify__',
        'fivetran': 'base_shopify_fivetran__',
        'airbyte': 'base_shopify_airbyte__'
    } -%}
    {%- if var('shopify_source') not in loaders -%}
        {{ exceptions.raise_compiler_error(
            'var shopify_source is ' ~ var('shopify_source') ~ '; it can be ' ~ loaders | join(', ')
        ) }}
    {%- endif -%}
    {{ ref(loaders[var('shopify_source')] ~ name) }}
{%- endmacro %}

{#- A plain id: gid://shopify/Order/123?x=y is 123. -#}
{% macro shopify_id(gid) -%}
    {{ return(adapter.dispatch('shopify_id')(gid)) }}
{%- endmacro %}

{% macro postgres__shopify_id(gid) -%}
    split_part(regexp_replace(cast({{ gid }} as text), '^gid://[^/]+/[^/]+/', ''), '?', 1)
{%- endmacro %}

{#- The shop's side of a money set of Shopify's GraphQL API. -#}
{% macro shop_money(money_set) -%}
    {{ json_number(money_set, 'shopMoney', 'amount') }}
{%- endmacro %}

{#- A parameter of a web address; NULL where it has none. -#}
{% macro url_parameter(url, name) -%}
    {{ return(adapter.dispatch('url_parameter')(url, name)) }}
{%- endmacro %}

{% macro postgres__url_parameter(url, name) -%}
    nullif(replace(substring({{ url }} from '[?&]{{ name }}=([^&#]*)'), '+', ' '), '')
{%- endmacro %}

{#- A query without rows, for what a loader does not read. -#}
{% macro no_rows(columns) -%}
select
{%- for column in columns %}
    cast(null as {{ dbt.type_string() }}) as {{ column }}{{ ',' if not loop.last }}
{%- endfor %}
where false
{%- endmacro %}
