{{
    config(
        materialized='table',
        indexes=[
            {
                'columns': [
                    'store_id', 'channel', 'marketplace_id', 'date', 'currency_code', 'allocation',
                    'seller_sku'
                ]
            },
            {'columns': ['store_id', 'seller_sku', 'date']}
        ]
    )
}}

with sums as (
    select * from {{ ref('int_finance__daily') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select * from {{ ref('int_stores') }}
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
    sums.allocation,
    sums.seller_sku,
    {{ finance_measures() }}
from sums
left join stores on sums.store_id = stores.store_id
left join marketplaces on sums.marketplace_id = marketplaces.marketplace_id
{{ exchange_rates('sums') }}
