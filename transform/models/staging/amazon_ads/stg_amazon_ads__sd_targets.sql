with sd_targets as (
    {{ typed_source('amazon_ads', 'sd_targets') }}
)

select
    store_id,
    profile_id,
    target_id,
    campaign_id,
    ad_group_id,
    marketplace_id,
    currency_code,
    upper(expression_type) as expression_type,
    expression,
    resolved_expression,
    upper(state) as state,
    bid,
    report_id,
    extracted_at
from sd_targets
