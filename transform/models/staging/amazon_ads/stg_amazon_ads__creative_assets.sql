with creative_assets as (
    {{ typed_source('amazon_ads', 'creative_assets') }}
)

select
    store_id,
    profile_id,
    asset_id,
    version,
    marketplace_id,
    name,
    upper(asset_type) as asset_type,
    upper(status) as status,
    url,
    url_hash,
    url_expires_at,
    fetched_at,
    width,
    height,
    content_type,
    file_size,
    duration,
    report_id,
    extracted_at
from creative_assets
