with profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

covered_days as (
    select * from {{ ref('int_amazon_ads__covered_days') }}
),

campaign_days as (
    select * from {{ ref('fct_ads_campaign_daily') }}
),

spend as (
    select
        store_id,
        profile_id,
        ad_product,
        date,
        sum(spend) as spend
    from campaign_days
    group by store_id, profile_id, ad_product, date
)

select
    covered_days.store_id,
    profiles.marketplace_id,
    covered_days.date,
    profiles.currency_code,
    sum(coalesce(spend.spend, 0)) as spend,
    {{ sorted_list('covered_days.ad_product') }} as ad_products_covered,
    max(covered_days.extracted_at) as extracted_at
from covered_days
inner join profiles
    on
        covered_days.store_id = profiles.store_id
        and covered_days.profile_id = profiles.profile_id
left join spend
    on
        covered_days.store_id = spend.store_id
        and covered_days.profile_id = spend.profile_id
        and covered_days.ad_product = spend.ad_product
        and covered_days.date = spend.date
where
    covered_days.is_covered
    -- a vendor's ads advertise what Amazon sells, not what the seller does
    and profiles.account_type = 'seller'
group by
    covered_days.store_id, profiles.marketplace_id, covered_days.date, profiles.currency_code
