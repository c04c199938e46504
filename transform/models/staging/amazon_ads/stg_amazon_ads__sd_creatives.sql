with sd_creatives as (
    {{ typed_source('amazon_ads', 'sd_creatives') }}
)

select
    store_id,
    profile_id,
    creative_id,
    ad_group_id,
    marketplace_id,
    upper(creative_type) as creative_type,
    moderation_status,
    headline,
    report_id,
    extracted_at
from sd_creatives
