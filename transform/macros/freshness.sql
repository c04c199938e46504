{#- When a raw table was last loaded, for `dbt source freshness`. A table that is not there belongs
    to an API that is not connected: nothing about it can be late. -#}
{% macro newest_load(relation) -%}
    {%- if adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
        select max(extracted_at) from {{ relation }}
    {%- else -%}
        select {{ built_at() }}
    {%- endif -%}
{%- endmacro %}

{#- Whether the address of an image, read at an instant, is to be read again. -#}
{% macro is_stale_image(fetched_at) -%}
    ({{ fetched_at }} < {{ days_later(as_of(), -var('image_cache_days')) }})
{%- endmacro %}
