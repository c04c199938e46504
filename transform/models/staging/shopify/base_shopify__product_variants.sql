{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with variants as (
    {{ typed_source('shopify', 'product_variants') }}
)

select
    store_id,
    {{ shopify_id('id') }} as variant_id,
    {{ shopify_id(json_text('product', 'id')) }} as product_id,
    {{ shopify_id(json_text('inventory_item', 'id')) }} as inventory_item_id,
    sku,
    barcode,
    title,
    price as price_amount,
    {{ json_text('image', 'url') }} as image_url,
    extracted_at
from variants
