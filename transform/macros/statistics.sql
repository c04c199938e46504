{#- After a table was made anew: tell the database what is in it. The models that read it come next,
    long before the database would look by itself, and a plan made without knowing is many times as
    slow. Later the database keeps itself informed. -#}
{% macro measure_when_new(relation) -%}
    {{ return(adapter.dispatch('measure_when_new')(relation)) }}
{%- endmacro %}

{% macro postgres__measure_when_new(relation) -%}
    {%- if execute and relation.is_table -%}
        {%- set never = run_query(
            "select 1 from pg_class where oid = to_regclass('" ~ relation ~ "') and reltuples < 0"
        ) -%}
        {%- if never.rows | length -%}
            analyze {{ relation }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
