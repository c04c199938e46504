with sb_targets as (
    {{ typed_source('amazon_ads', 'sb_targets') }}
)

select
    store_id,
    profile_id,
    target_id,
    campaign_id,
    ad_group_id,
    marketplace_id,
    currency_code,
    expressions,
    resolved_expressions,
    upper(state) as state,
    bid,
    report_id,
    extracted_at
from sb_targets
