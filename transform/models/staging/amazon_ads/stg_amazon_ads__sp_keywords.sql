with sp_keywords as (
    {{ typed_source('amazon_ads', 'sp_keywords') }}
)

select
    store_id,
    profile_id,
    keyword_id,
    campaign_id,
    ad_group_id,
    marketplace_id,
    currency_code,
    keyword_text,
    upper(match_type) as match_type,
    upper(state) as state,
    bid,
    report_id,
    extracted_at
from sp_keywords
