{#- Inventory. -#}

{#- Days that stock lasts at a velocity (units a day); NULL where nothing sells. -#}
{% macro days_of_supply(stock, velocity) -%}
    cast({{ stock }} / nullif({{ velocity }}, 0) as numeric(18, 2))
{%- endmacro %}

{#- Units to send so that what is there and on its way lasts for lead and cover days. -#}
{% macro restock_quantity(velocity, fulfillable, inbound, transfers) -%}
    case
        when {{ velocity }} is not null
            then {{ whole(
                'greatest(0, ceil(' ~ velocity ~ ' * '
                ~ (var('restock_lead_days') + var('restock_cover_days'))
                ~ ') - coalesce(' ~ fulfillable ~ ', 0) - coalesce(' ~ inbound
                ~ ', 0) - coalesce(' ~ transfers ~ ', 0))'
            ) }}
    end
{%- endmacro %}
