with participations as (
    select * from {{ ref('stg_amazon_sp__marketplace_participations') }}
),

profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

sales_traffic as (
    select * from {{ ref('fct_sales_traffic_daily') }}
),

orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

known as (
    select
        store_id,
        marketplace_id
    from participations
    union
    select
        store_id,
        marketplace_id
    from profiles
    union
    select
        store_id,
        marketplace_id
    from sales_traffic
    union
    select
        store_id,
        marketplace_id
    from orders
    where marketplace_id is not null
),

participating as (
    select
        store_id,
        marketplace_id,
        {{ sorted_list('selling_partner_id') }} as selling_partner_ids,
        max(store_name) as store_name,
        {{ any_true('is_participating') }} as is_participating,
        {{ any_true('has_suspended_listings') }} as has_suspended_listings
    from participations
    group by store_id, marketplace_id
),

advertising as (
    select
        store_id,
        marketplace_id,
        count(*) as ads_profiles,
        count(case when is_selected then 1 end) as selected_ads_profiles
    from profiles
    group by store_id, marketplace_id
)

select
    known.store_id,
    known.marketplace_id,
    marketplaces.country_code,
    marketplaces.country_name,
    marketplaces.region,
    marketplaces.currency_code,
    marketplaces.time_zone,
    marketplaces.ads_time_zone,
    marketplaces.sales_channel,
    marketplaces.seller_central_url,
    marketplaces.inventory_pool,
    marketplaces.prices_include_tax,
    {{ tax_basis('marketplaces.prices_include_tax') }} as tax_basis,
    marketplaces.is_supported,
    participating.selling_partner_ids,
    participating.store_name,
    participating.is_participating,
    participating.has_suspended_listings,
    coalesce(advertising.ads_profiles, 0) as ads_profiles,
    coalesce(advertising.selected_ads_profiles, 0) as selected_ads_profiles
from known
-- what Amazon lists beside marketplaces (places for orders from elsewhere) is none
inner join marketplaces on known.marketplace_id = marketplaces.marketplace_id
left join participating
    on
        known.store_id = participating.store_id
        and known.marketplace_id = participating.marketplace_id
left join advertising
    on
        known.store_id = advertising.store_id
        and known.marketplace_id = advertising.marketplace_id
