{{ config(materialized='table') }}

with given as (
    select * from {{ ref('base_ops__stores') }}
),

shops as (
    select * from {{ ref('stg_shopify__shop') }}
),

amazon_orders as (
    select
        store_id,
        marketplace_id,
        count(*) as orders
    from {{ ref('stg_amazon_sp__orders') }}
    where
        channel_name = 'AMAZON'
        and marketplace_id is not null
    group by store_id, marketplace_id
),

participations as (
    select distinct
        store_id,
        marketplace_id
    from {{ ref('stg_amazon_sp__marketplace_participations') }}
    where is_participating
),

profiles as (
    select distinct
        store_id,
        marketplace_id
    from {{ ref('stg_amazon_ads__profiles') }}
    where is_selected
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select store_id from given
    union
    select store_id from shops
    union
    select store_id from amazon_orders
    union
    select store_id from {{ ref('stg_amazon_sp__marketplace_participations') }}
    union
    select store_id from {{ ref('stg_amazon_ads__profiles') }}
),

-- where somebody sells: by orders, for amounts of different currencies do not compare
active as (
    select
        marketplace_id,
        store_id
    from participations
    union
    select
        marketplace_id,
        store_id
    from profiles
    union
    select
        marketplace_id,
        store_id
    from amazon_orders
),

busiest as (
    select
        active.store_id,
        active.marketplace_id,
        row_number() over (
            partition by active.store_id
            order by amazon_orders.orders desc nulls last, active.marketplace_id asc
        ) as place,
        count(*) over (partition by active.store_id) as marketplaces,
        amazon_orders.orders
    from active
    inner join marketplaces on active.marketplace_id = marketplaces.marketplace_id
    left join amazon_orders
        on
            active.store_id = amazon_orders.store_id
            and active.marketplace_id = amazon_orders.marketplace_id
),

candidates as (
    select
        stores.store_id,
        coalesce(
            given.primary_marketplace_id,
            configured.marketplace_id,
            of_shop.marketplace_id,
            busiest.marketplace_id
        ) as primary_marketplace_id,
        given.reporting_currency_code as chosen_currency_code,
        shops.currency_code as shop_currency_code,
        shops.time_zone as shop_time_zone,
        shops.country_code as shop_country_code
    from stores
    left join given on stores.store_id = given.store_id
    left join shops on stores.store_id = shops.store_id
    left join marketplaces as configured
        on configured.country_code = {{ given_text('primary_marketplace') }}
    left join marketplaces as of_shop
        on
            of_shop.country_code
            = case shops.country_code when 'GB' then 'UK' else shops.country_code end
    -- the one with most orders, or the only one
    left join busiest
        on
            stores.store_id = busiest.store_id
            and busiest.place = 1
            and (busiest.orders is not null or busiest.marketplaces = 1)
)

select
    candidates.store_id,
    coalesce(
        candidates.chosen_currency_code,
        {{ given_text('reporting_currency') }},
        candidates.shop_currency_code,
        marketplaces.currency_code
    ) as reporting_currency_code,
    marketplaces.marketplace_id as primary_marketplace_id,
    coalesce(marketplaces.time_zone, candidates.shop_time_zone, 'UTC') as primary_time_zone,
    candidates.shop_currency_code,
    candidates.shop_time_zone,
    candidates.shop_country_code
from candidates
left join marketplaces on candidates.primary_marketplace_id = marketplaces.marketplace_id
