with product_variants as (
    select * from {{ shopify_base('product_variants') }}
)

select
    store_id,
    variant_id,
    product_id,
    inventory_item_id,
    nullif(trim(sku), '') as sku,
    nullif(trim(barcode), '') as barcode,
    title,
    {{ money('price_amount') }} as price_amount,
    image_url,
    {{ instant('extracted_at') }} as extracted_at
from product_variants
