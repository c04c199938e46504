{#- Lists and ranges: rows out of one value, one value out of rows. -#}

{#- FROM-clause item: one row `<alias>` per day between two dates, both included. -#}
{% macro each_day(first_day, last_day, alias) -%}
    {{ return(adapter.dispatch('each_day')(first_day, last_day, alias)) }}
{%- endmacro %}

{% macro postgres__each_day(first_day, last_day, alias) -%}
    cross join lateral (
        select cast(instant as date) as {{ alias }}
        from generate_series(
            cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1 day'
        ) as instants (instant)
    ) as days
{%- endmacro %}

{#- FROM-clause item: one row `<alias>` per part of a comma-separated text; NULL is one part, '*'. -#}
{% macro each_part(list, alias) -%}
    {{ return(adapter.dispatch('each_part')(list, alias)) }}
{%- endmacro %}

{% macro postgres__each_part(list, alias) -%}
    cross join lateral (
        select trim(part) as {{ alias }}
        from unnest(string_to_array(coalesce(nullif({{ list }}, ''), '*'), ',')) as parts (part)
    ) as parts
{%- endmacro %}

{#- Aggregate: the distinct values as a sorted comma-separated text. -#}
{% macro sorted_list(expression) -%}
    {{ return(adapter.dispatch('sorted_list')(expression)) }}
{%- endmacro %}

{% macro postgres__sorted_list(expression) -%}
    string_agg(distinct {{ expression }}, ',' order by {{ expression }})
{%- endmacro %}

{#- Aggregate: the distinct texts as a sorted JSON list. -#}
{% macro json_list(expression) -%}
    {{ return(adapter.dispatch('json_list')(expression)) }}
{%- endmacro %}

{% macro postgres__json_list(expression) -%}
    jsonb_agg(distinct {{ expression }} order by {{ expression }})
{%- endmacro %}
