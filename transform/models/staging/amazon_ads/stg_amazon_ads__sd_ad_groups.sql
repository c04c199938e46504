with sd_ad_groups as (
    {{ typed_source('amazon_ads', 'sd_ad_groups') }}
)

select
    store_id,
    profile_id,
    ad_group_id,
    campaign_id,
    marketplace_id,
    currency_code,
    name,
    upper(state) as state,
    default_bid,
    report_id,
    extracted_at
from sd_ad_groups
