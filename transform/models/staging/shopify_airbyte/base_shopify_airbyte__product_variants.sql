{{ config(enabled=var('shopify_source') == 'airbyte') }}

with variants as (
    {{ typed_source('shopify_airbyte', 'product_variants') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as variant_id,
    product_id,
    inventory_item_id,
    sku,
    barcode,
    title,
    price as price_amount,
    image_src as image_url,
    _airbyte_extracted_at as extracted_at
from variants
