{#- After a run: let tandem_reader into the marts' schema. The tables' own grants are their config.
    A developer's schemas stay theirs. -#}
{% macro grant_marts_usage(schemas) %}
    {%- set marts = generate_schema_name('marts', none) -%}
    {%- if target.name != 'dev' and marts in schemas -%}
        grant usage on schema {{ marts }} to tandem_reader
    {%- endif -%}
{% endmacro %}
