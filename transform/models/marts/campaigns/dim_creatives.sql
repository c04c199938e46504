with sb_ads as (
    select * from {{ ref('stg_amazon_ads__sb_ads') }}
),

sb_ad_assets as (
    select * from {{ ref('stg_amazon_ads__sb_ad_assets') }}
),

sd_creatives as (
    select * from {{ ref('stg_amazon_ads__sd_creatives') }}
),

sd_creative_assets as (
    select * from {{ ref('stg_amazon_ads__sd_creative_assets') }}
),

sd_ad_groups as (
    select * from {{ ref('stg_amazon_ads__sd_ad_groups') }}
),

assets as (
    select * from {{ ref('stg_amazon_ads__creative_assets') }}
),

shown as (
    select
        sb_ads.store_id,
        sb_ads.profile_id,
        'SPONSORED_BRANDS' as ad_product,
        sb_ads.campaign_id,
        sb_ads.ad_group_id,
        sb_ads.ad_id as creative_id,
        sb_ads.creative_type,
        sb_ads.creative_status as status,
        sb_ads.headline,
        sb_ad_assets.role,
        sb_ad_assets.ordinal,
        sb_ad_assets.asset_id,
        sb_ad_assets.asset_version,
        sb_ad_assets.url,
        sb_ads.extracted_at
    from sb_ads
    left join sb_ad_assets
        on
            sb_ads.store_id = sb_ad_assets.store_id
            and sb_ads.profile_id = sb_ad_assets.profile_id
            and sb_ads.campaign_id = sb_ad_assets.campaign_id
            and sb_ads.ad_group_id = sb_ad_assets.ad_group_id
            and sb_ads.ad_id = sb_ad_assets.ad_id
    union all
    select
        sd_creatives.store_id,
        sd_creatives.profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        coalesce(sd_ad_groups.campaign_id, '') as campaign_id,
        coalesce(sd_creatives.ad_group_id, '') as ad_group_id,
        sd_creatives.creative_id,
        sd_creatives.creative_type,
        sd_creatives.moderation_status as status,
        sd_creatives.headline,
        sd_creative_assets.role,
        sd_creative_assets.ordinal,
        sd_creative_assets.asset_id,
        sd_creative_assets.asset_version,
        null as url,
        sd_creatives.extracted_at
    from sd_creatives
    left join sd_creative_assets
        on
            sd_creatives.store_id = sd_creative_assets.store_id
            and sd_creatives.profile_id = sd_creative_assets.profile_id
            and sd_creatives.creative_id = sd_creative_assets.creative_id
    left join sd_ad_groups
        on
            sd_creatives.store_id = sd_ad_groups.store_id
            and sd_creatives.profile_id = sd_ad_groups.profile_id
            and sd_creatives.ad_group_id = sd_ad_groups.ad_group_id
),

-- The library's newest version stands in for one that a creative does not name.
library as (
    select
        *,
        row_number() over (
            partition by store_id, profile_id, asset_id
            order by last_read desc, version desc
        ) as recency
    from (
        select
            *,
            coalesce(fetched_at, extracted_at) as last_read
        from assets
    ) as read_assets
)

select
    shown.store_id,
    shown.profile_id,
    shown.ad_product,
    shown.campaign_id,
    shown.ad_group_id,
    shown.creative_id,
    coalesce(shown.role, '') as role,
    coalesce(shown.ordinal, 0) as ordinal,
    shown.creative_type,
    shown.status,
    shown.headline,
    shown.asset_id,
    shown.asset_version,
    coalesce(same_version.asset_type, newest.asset_type) as asset_type,
    coalesce(same_version.url, newest.url, shown.url) as url,
    coalesce(same_version.url_hash, newest.url_hash, {{ sha256_hex('shown.url') }}) as url_hash,
    coalesce(same_version.url_expires_at, newest.url_expires_at) as url_expires_at,
    coalesce(same_version.width, newest.width) as width,
    coalesce(same_version.height, newest.height) as height,
    coalesce(same_version.content_type, newest.content_type) as content_type,
    coalesce(same_version.last_read, newest.last_read, shown.extracted_at) as fetched_at,
    coalesce(coalesce(same_version.url_expires_at, newest.url_expires_at) <= {{ as_of() }}, false)
        as is_url_expired,
    {{ is_stale_image('coalesce(same_version.last_read, newest.last_read, shown.extracted_at)') }}
        as is_stale,
    shown.extracted_at
from shown
left join library as same_version
    on
        shown.store_id = same_version.store_id
        and shown.profile_id = same_version.profile_id
        and shown.asset_id = same_version.asset_id
        and shown.asset_version = same_version.version
left join library as newest
    on
        shown.store_id = newest.store_id
        and shown.profile_id = newest.profile_id
        and shown.asset_id = newest.asset_id
        and newest.recency = 1
