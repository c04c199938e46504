{#- Words. Amazon's APIs and reports name one thing in different spellings. -#}

{#- The words of a name in capitals, underscores between: NextDay, Next day and NEXT_DAY are one. -#}
{% macro constant_case(name) -%}
    {{ return(adapter.dispatch('constant_case')(name)) }}
{%- endmacro %}

{% macro postgres__constant_case(name) -%}
    upper(regexp_replace(
        regexp_replace({{ name }}, '([a-z])([A-Z])', '\1_\2', 'g'), '[^A-Za-z0-9]+', '_', 'g'
    ))
{%- endmacro %}

{#- A var as text; NULL when it is not given. -#}
{% macro given_text(name) -%}
    {%- set given = var(name, none) -%}
    cast({{ dbt.string_literal(given) if given else 'null' }} as {{ dbt.type_string() }})
{%- endmacro %}

{#- SHA-256 of a text, in hexadecimal digits, as the taps have it. -#}
{% macro sha256_hex(text) -%}
    {{ return(adapter.dispatch('sha256_hex')(text)) }}
{%- endmacro %}

{% macro postgres__sha256_hex(text) -%}
    encode(sha256(convert_to({{ text }}, 'UTF8')), 'hex')
{%- endmacro %}
