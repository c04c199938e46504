with products as (
    select * from {{ shopify_base('products') }}
)

select
    store_id,
    product_id,
    title,
    vendor,
    product_type,
    status,
    image_url,
    {{ instant('extracted_at') }} as extracted_at
from products
