{#- Orders. -#}

{#- Whether an Amazon order replaces another one or is exchanged for it. Only the Orders API says so; in
    the report it is one that was accepted and costs nothing. `prices`: sum and number of unpriced
    lines per order. -#}
{% macro is_replacement(orders, prices) -%}
    {{ orders }}.replaces_order_id is not null
    or (
        {{ orders }}.order_status not in ('PENDING', 'PENDING_AVAILABILITY', 'CANCELLED')
        and coalesce(
            {{ prices }}.item_price_amount = 0 and {{ prices }}.unpriced_lines = 0, false
        )
    )
{%- endmacro %}

{#- Amazon's order id inside a text (another system's name of the order); NULL where there is none. -#}
{% macro amazon_order_id_in(text) -%}
    {{ return(adapter.dispatch('amazon_order_id_in')(text)) }}
{%- endmacro %}

{% macro postgres__amazon_order_id_in(text) -%}
    substring({{ text }} from '[0-9]{3}-[0-9]{7}-[0-9]{7}')
{%- endmacro %}

{#- Whether a text is like one of the patterns of a var, whatever its case. -#}
{% macro like_any(text, variable) -%}
    coalesce(
        {%- for pattern in var(variable) %}
        lower({{ text }}) like {{ dbt.string_literal(pattern | lower) }}{{ ' or' if not loop.last }}
        {%- else %}
        false
        {%- endfor %},
        false
    )
{%- endmacro %}
