{%- set touched = [
    {
        'by': ['store_id', 'currency_code', 'date'],
        'differs_from': 'int_exchange_rates_now',
        'on': ['reporting_currency_code', 'fx_rate', 'fx_rate_date']
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'currency_code', 'date'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with rates_now as (
    select * from {{ ref('int_exchange_rates_now') }}
    where {{ is_touched }}
)

select
    store_id,
    currency_code,
    date,
    reporting_currency_code,
    fx_rate,
    fx_rate_date,
    {{ built_at() }} as built_at
from rates_now
