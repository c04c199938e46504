{#- A raw table as its source YAML declares it: every declared column in its declared type, and no
    other. A column that the table lacks is NULL; a table that is not there is an empty relation.
    So a store without Ads, or without anything yet, builds. The YAML's `data_type`s are the only
    place where raw types are written down. -#}
{% macro typed_source(source_name, table_name) -%}
    {%- set relation = source(source_name, table_name) -%}
    {%- if not execute -%}
        select 1
    {%- elif relation.is_cte -%}
        {#- a unit test's fixture -#}
        select * from {{ relation }}
    {%- else -%}
        {%- set node = graph.sources.values()
            | selectattr('source_name', 'equalto', source_name)
            | selectattr('name', 'equalto', table_name) | first -%}
        {%- set table = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
        {%- set raw_types = {} -%}
        {%- if table is not none -%}
            {%- for column in adapter.get_columns_in_relation(table) -%}
                {%- do raw_types.update({column.name: column.dtype}) -%}
            {%- endfor -%}
        {%- endif -%}
        select
        {%- for column in node.columns.values() %}
            {% if column.name in raw_types -%}
                {{ typed(adapter.quote(column.name), raw_types[column.name], column.data_type) }}
            {%- else -%}
                cast(null as {{ column.data_type }})
            {%- endif %} as {{ column.name }}
            {%- if not loop.last %},{% endif -%}
        {%- endfor %}
        {% if table is not none -%}
            from {{ table }}
        {%- else -%}
            where false
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- One raw value in its declared type. -#}
{% macro typed(expression, raw_type, data_type) -%}
    {{ return(adapter.dispatch('typed')(expression, raw_type, data_type)) }}
{%- endmacro %}

{% macro postgres__typed(expression, raw_type, data_type) -%}
    {%- if data_type == 'jsonb' -%}
        {{ as_json(expression, raw_type) }}
    {%- elif raw_type == 'timestamp with time zone' and data_type == 'timestamp' -%}
        {#- the control plane's; UTC, whatever the session's zone -#}
        {{ expression }} at time zone 'UTC'
    {%- elif raw_type == data_type -%}
        {{ expression }}
    {%- elif data_type == 'timestamp' and raw_type == 'timestamp with time zone' -%}
        {#- a mere cast would go by the session's zone -#}
        ({{ expression }} at time zone 'UTC')
    {%- else -%}
        cast({{ expression }} as {{ data_type }})
    {%- endif -%}
{%- endmacro %}
