{{
    config(
        materialized='table',
        indexes=[
            {'columns': ['store_id', 'channel', 'marketplace_id', 'date', 'currency_code']},
            {'columns': ['store_id', 'date']}
        ]
    )
}}

with daily as (
    select * from {{ ref('int_finance__daily') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

sums as (
    select
        store_id,
        channel,
        marketplace_id,
        date,
        currency_code,
        {%- for name in ledger_columns() %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        sum(ad_spend) as ad_spend,
        min(ad_spend_source) as ad_spend_source,
        sum(cogs) as cogs,
        sum(units_returned_sellable) as units_returned_sellable,
        sum(units_without_cost) as units_without_cost
    from daily
    group by store_id, channel, marketplace_id, date, currency_code
)

select
    sums.store_id,
    sums.channel,
    sums.marketplace_id,
    marketplaces.country_code,
    sums.date,
    case sums.channel when 'shopify' then 'shop' else 'marketplace' end as day_basis,
    case
        when sums.channel = 'shopify' then stores.shop_time_zone
        else coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')
    end as time_zone,
    sums.currency_code,
    {{ finance_measures() }}
from sums
left join stores on sums.store_id = stores.store_id
left join marketplaces on sums.marketplace_id = marketplaces.marketplace_id
{{ exchange_rates('sums') }}
