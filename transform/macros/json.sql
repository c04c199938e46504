{#- JSON. The loader stores an absent object as JSON null and a list of objects as an array of
    JSON; both become plain JSON here, with NULL for nothing. -#}
{% macro as_json(expression, raw_type) -%}
    {{ return(adapter.dispatch('as_json')(expression, raw_type)) }}
{%- endmacro %}

{% macro postgres__as_json(expression, raw_type) -%}
    {%- if raw_type in ('text', 'character varying') -%}
        nullif(cast({{ expression }} as jsonb), cast('null' as jsonb))
    {%- else -%}
        nullif(to_jsonb({{ expression }}), cast('null' as jsonb))
    {%- endif -%}
{%- endmacro %}

{#- Sum of the subtotals of one type in Amazon's list of proceeds,
    [{type, subtotal: {amount, currencyCode}, …}]; NULL where the type is absent. -#}
{% macro proceeds_of_type(breakdowns, type) -%}
    {{ return(adapter.dispatch('proceeds_of_type')(breakdowns, type)) }}
{%- endmacro %}

{% macro postgres__proceeds_of_type(breakdowns, type) -%}
    (
        select sum(cast(part -> 'subtotal' ->> 'amount' as numeric))
        from jsonb_array_elements(
            case when jsonb_typeof({{ breakdowns }}) = 'array' then {{ breakdowns }} end
        ) as part
        where part ->> 'type' = '{{ type }}'
    )
{%- endmacro %}

{#- A text field of the first object in a list of objects that has it. -#}
{% macro first_text(list, field) -%}
    {{ return(adapter.dispatch('first_text')(list, field)) }}
{%- endmacro %}

{% macro postgres__first_text(list, field) -%}
    (jsonb_path_query_first({{ list }}, '$[*].{{ field }}') #>> '{}')
{%- endmacro %}

{#- Whether a JSON list of texts has one. -#}
{% macro json_list_has(list, text) -%}
    {{ return(adapter.dispatch('json_list_has')(list, text)) }}
{%- endmacro %}

{% macro postgres__json_list_has(list, text) -%}
    coalesce({{ list }} @> cast('["{{ text }}"]' as jsonb), false)
{%- endmacro %}

{#- Amazon's targeting expression, [{type, value}, …], in words: asinSameAs=B0…, views=(…). -#}
{% macro targeting_words(expression) -%}
    {{ return(adapter.dispatch('targeting_words')(expression)) }}
{%- endmacro %}

{% macro postgres__targeting_words(expression) -%}
    (
        select string_agg(
            concat(
                part ->> 'type',
                case
                    when jsonb_typeof(part -> 'value') = 'array' then concat('=(', (
                        select string_agg(
                            concat(inner_part ->> 'type', '=' || (inner_part ->> 'value')), ' '
                        )
                        from jsonb_array_elements(part -> 'value') as inner_part
                    ), ')')
                    else '=' || (part ->> 'value')
                end
            ), ' '
        )
        from jsonb_array_elements(
            case when jsonb_typeof({{ expression }}) = 'array' then {{ expression }} end
        ) as part
    )
{%- endmacro %}

{#- A part of JSON by its path, as JSON, text, number or UTC instant; NULL where it is not there. -#}
{% macro json_part(expression) -%}
    {{ return(adapter.dispatch('json_part')(expression, varargs)) }}
{%- endmacro %}

{% macro postgres__json_part(expression, path) -%}
    ({{ expression }} #> '{{ '{' ~ path | join(',') ~ '}' }}')
{%- endmacro %}

{% macro json_text(expression) -%}
    {{ return(adapter.dispatch('json_text')(expression, varargs)) }}
{%- endmacro %}

{% macro postgres__json_text(expression, path) -%}
    ({{ expression }} #>> '{{ '{' ~ path | join(',') ~ '}' }}')
{%- endmacro %}

{% macro json_number(expression) -%}
    cast({{ json_text(expression, *varargs) }} as numeric)
{%- endmacro %}

{% macro json_timestamp(expression) -%}
    {{ return(adapter.dispatch('utc_timestamp')(json_text(expression, *varargs))) }}
{%- endmacro %}

{% macro postgres__utc_timestamp(text) -%}
    (cast({{ text }} as timestamptz) at time zone 'UTC')
{%- endmacro %}

{#- Sum over a JSON list of the number at a path in each of its objects; 0 of an empty list. -#}
{% macro json_sum(list) -%}
    {{ return(adapter.dispatch('json_sum')(list, varargs)) }}
{%- endmacro %}

{% macro postgres__json_sum(list, path) -%}
    (
        select coalesce(sum(cast(part #>> '{{ '{' ~ path | join(',') ~ '}' }}' as numeric)), 0)
        from jsonb_array_elements(
            case when jsonb_typeof({{ list }}) = 'array' then {{ list }} end
        ) as part
    )
{%- endmacro %}

{#- The text (or number) at a path in that object of a JSON list whose `key` is a value. -#}
{% macro json_text_where(list, key, value) -%}
    {{ return(adapter.dispatch('json_text_where')(list, key, value, varargs)) }}
{%- endmacro %}

{% macro postgres__json_text_where(list, key, value, path) -%}
    (
        select max(part #>> '{{ '{' ~ path | join(',') ~ '}' }}')
        from jsonb_array_elements(
            case when jsonb_typeof({{ list }}) = 'array' then {{ list }} end
        ) as part
        where part ->> '{{ key }}' = {{ value }}
    )
{%- endmacro %}

{% macro json_number_where(list, key, value) -%}
    cast({{ json_text_where(list, key, value, *varargs) }} as numeric)
{%- endmacro %}

{#- FROM-clause item: one row per element of a JSON list, `<alias>.element` and its place
    `<alias>.ordinal`, from 1. -#}
{% macro each_element(list, alias) -%}
    {{ return(adapter.dispatch('each_element')(list, alias)) }}
{%- endmacro %}

{% macro postgres__each_element(list, alias) -%}
    cross join lateral jsonb_array_elements(
        case when jsonb_typeof({{ list }}) = 'array' then {{ list }} end
    ) with ordinality as {{ alias }} (element, ordinal)
{%- endmacro %}
