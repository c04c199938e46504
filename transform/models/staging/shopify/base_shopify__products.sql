{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with products as (
    {{ typed_source('shopify', 'products') }}
)

select
    products.store_id,
    {{ shopify_id('products.id') }} as product_id,
    products.title,
    products.vendor,
    products.product_type,
    products.status,
    {{ json_text_where(
        'products.media', 'id', json_text('products.featured_media', 'id'), 'image', 'url'
    ) }} as image_url,
    products.extracted_at
from products
