{#- Exchange rates. A row has an amount, its currency and a date; int_exchange_rates knows what one
    unit of the currency is in the store's reporting currency on that date. -#}

{#- The join for a relation with store_id: FROM-clause item `exchange_rates`. Columns of it to show:
    fx_rate, fx_rate_date, reporting_currency_code. -#}
{% macro exchange_rates(row, date='date', currency='currency_code') -%}
left join {{ ref('int_exchange_rates') }} as exchange_rates
    on
        {{ row }}.store_id = exchange_rates.store_id
        and {{ row }}.{{ currency }} = exchange_rates.currency_code
        and {{ row }}.{{ date }} = exchange_rates.date
{%- endmacro %}

{#- An amount in the reporting currency; NULL where the rate is not known, never the amount itself. -#}
{% macro in_reporting(amount) -%}
    {{ money(amount ~ ' * exchange_rates.fx_rate') }}
{%- endmacro %}
