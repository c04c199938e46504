with sp_ad_groups as (
    select * from {{ ref('stg_amazon_ads__sp_ad_groups') }}
),

sb_ad_groups as (
    select * from {{ ref('stg_amazon_ads__sb_ad_groups') }}
),

sd_ad_groups as (
    select * from {{ ref('stg_amazon_ads__sd_ad_groups') }}
),

reported as (
    select * from {{ ref('fct_ads_ad_group_daily') }}
),

listed as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        ad_group_id,
        name as ad_group_name,
        state,
        default_bid,
        extracted_at
    from sp_ad_groups
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        ad_group_id,
        name as ad_group_name,
        state,
        null as default_bid,
        extracted_at
    from sb_ad_groups
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        campaign_id,
        ad_group_id,
        name as ad_group_name,
        state,
        default_bid,
        extracted_at
    from sd_ad_groups
),

-- What Amazon no longer lists is known from its reports alone, by its newest one.
unlisted as (
    select
        reported.*,
        row_number() over (
            partition by
                reported.store_id, reported.profile_id, reported.ad_product, reported.ad_group_id
            order by reported.date desc
        ) as recency
    from reported
    where
        not exists (
            select 1
            from listed
            where
                listed.store_id = reported.store_id
                and listed.profile_id = reported.profile_id
                and listed.ad_product = reported.ad_product
                and listed.ad_group_id = reported.ad_group_id
        )
)

select
    store_id,
    profile_id,
    ad_product,
    campaign_id,
    ad_group_id,
    ad_group_name,
    state,
    {{ money('default_bid') }} as default_bid,
    true as is_listed,
    extracted_at
from listed
union all
select
    store_id,
    profile_id,
    ad_product,
    campaign_id,
    ad_group_id,
    ad_group_name,
    null as state,
    null as default_bid,
    false as is_listed,
    extracted_at
from unlisted
where recency = 1
