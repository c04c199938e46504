with totals as (
    select * from {{ ref('int_amazon_ads__spend_by_marketplace') }}
),

profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
    where account_type = 'seller'
),

products as (
    select
        ads.store_id,
        ads.marketplace_id,
        ads.date,
        ads.currency_code,
        ads.sku as seller_sku,
        sum(ads.spend) as spend
    from {{ ref('fct_ads_product_daily') }} as ads
    inner join profiles
        on
            ads.store_id = profiles.store_id
            and ads.profile_id = profiles.profile_id
    where
        ads.product_role = 'advertised'
        and ads.sku <> ''
    group by ads.store_id, ads.marketplace_id, ads.date, ads.currency_code, ads.sku
),

named as (
    select products.*
    from products
    inner join totals
        on
            products.store_id = totals.store_id
            and products.marketplace_id = totals.marketplace_id
            and products.date = totals.date
            and products.currency_code = totals.currency_code
),

sums as (
    select
        store_id,
        marketplace_id,
        date,
        currency_code,
        sum(spend) as spend
    from named
    group by store_id, marketplace_id, date, currency_code
)

select
    store_id,
    marketplace_id,
    date,
    currency_code,
    seller_sku,
    spend
from named
union all
-- Sponsored Brands, and what no product report tells: SKUs and this add up to the account.
select
    totals.store_id,
    totals.marketplace_id,
    totals.date,
    totals.currency_code,
    null as seller_sku,
    totals.spend - coalesce(sums.spend, 0) as spend
from totals
left join sums
    on
        totals.store_id = sums.store_id
        and totals.marketplace_id = sums.marketplace_id
        and totals.date = sums.date
        and totals.currency_code = sums.currency_code
