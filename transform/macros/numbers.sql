{#- Numbers. Money is exact; a ratio is made of sums, and is NULL where its denominator is 0. -#}

{#- Money of one currency, four places: spend per click has more than two. -#}
{% macro money(expression) -%}
    cast({{ expression }} as numeric(18, 4))
{%- endmacro %}

{#- A ratio as a fraction: 0.25 is 25 %. -#}
{% macro ratio(numerator, denominator) -%}
    cast(cast({{ numerator }} as numeric) / nullif({{ denominator }}, 0) as numeric(18, 6))
{%- endmacro %}

{#- A percentage, 0 to 100 as Amazon gives them. -#}
{% macro percent(numerator, denominator) -%}
    cast(100 * cast({{ numerator }} as numeric) / nullif({{ denominator }}, 0) as numeric(12, 4))
{%- endmacro %}

{#- Sum in which NULL counts as nothing; NULL where no part is known. -#}
{% macro sum_of_known() -%}
    case
        when coalesce({{ varargs | join(', ') }}) is not null
            then coalesce({{ varargs | join(', 0) + coalesce(') }}, 0)
    end
{%- endmacro %}

{#- A whole number: sums of counts come back as decimals. -#}
{% macro whole(expression) -%}
    cast({{ expression }} as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- Aggregate (or window function): true where any value is, NULL where none is known. -#}
{% macro any_true(expression) -%}
    {{ dbt.bool_or(expression) }}
{%- endmacro %}
