with sb_ads as (
    {{ typed_source('amazon_ads', 'sb_ads') }}
)

select
    store_id,
    profile_id,
    campaign_id,
    ad_group_id,
    ad_id,
    marketplace_id,
    name,
    upper(state) as state,
    creative_type,
    creative_version,
    creative_status,
    headline,
    brand_name,
    landing_page_type,
    landing_page_url,
    asins,
    report_id,
    extracted_at
from sb_ads
