with sb_ad_groups as (
    {{ typed_source('amazon_ads', 'sb_ad_groups') }}
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
    report_id,
    extracted_at
from sb_ad_groups
