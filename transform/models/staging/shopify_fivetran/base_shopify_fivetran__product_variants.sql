{{ config(enabled=var('shopify_source') == 'fivetran') }}

with variants as (
    {{ typed_source('shopify_fivetran', 'product_variant') }}
),

images as (
    {{ typed_source('shopify_fivetran', 'product_image') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    variants.id as variant_id,
    variants.product_id,
    variants.inventory_item_id,
    variants.sku,
    variants.barcode,
    variants.title,
    variants.price as price_amount,
    images.src as image_url,
    variants._fivetran_synced as extracted_at
from variants
left join images on variants.image_id = images.id
