{#- After a table was made anew or has doubled: tell the database what is in it. The models that read
    it come next, long before the database would look by itself, and a plan made without knowing is
    many times as slow: a table that was empty at the last look is taken for empty. Otherwise the
    database keeps itself informed. -#}
{% macro measure_when_new(relation) -%}
    {{ return(adapter.dispatch('measure_when_new')(relation)) }}
{%- endmacro %}

{% macro postgres__measure_when_new(relation) -%}
    {%- if execute and relation.is_table -%}
        {%- set outdated = run_query(
            "select 1 from pg_class where oid = to_regclass('" ~ relation ~ "') and (reltuples < 0 or "
            ~ "pg_relation_size(oid) > 2 * relpages * current_setting('block_size')::bigint)"
        ) -%}
        {%- if outdated.rows | length -%}
            analyze {{ relation }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
