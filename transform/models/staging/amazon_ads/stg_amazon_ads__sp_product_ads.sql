with sp_product_ads as (
    {{ typed_source('amazon_ads', 'sp_product_ads') }}
)

select
    store_id,
    profile_id,
    ad_id,
    campaign_id,
    ad_group_id,
    marketplace_id,
    asin,
    sku,
    upper(state) as state,
    report_id,
    extracted_at
from sp_product_ads
