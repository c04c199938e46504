with product_metadata as (
    {{ typed_source('amazon_ads', 'product_metadata') }}
)

select
    store_id,
    profile_id,
    asin,
    sku,
    marketplace_id,
    title,
    brand,
    image_url,
    image_url_hash,
    fetched_at,
    report_id,
    extracted_at
from product_metadata
