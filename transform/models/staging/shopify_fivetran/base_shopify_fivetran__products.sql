{{ config(enabled=var('shopify_source') == 'fivetran') }}

with products as (
    {{ typed_source('shopify_fivetran', 'product') }}
),

images as (
    select
        product_id,
        src,
        row_number() over (partition by product_id order by position, id) as place
    from ({{ typed_source('shopify_fivetran', 'product_image') }}) as product_images
    where not coalesce(_fivetran_deleted, false)
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    products.id as product_id,
    products.title,
    products.vendor,
    products.product_type,
    upper(products.status) as status,
    images.src as image_url,
    products._fivetran_synced as extracted_at
from products
left join images
    on
        products.id = images.product_id
        and images.place = 1
where not coalesce(products._fivetran_deleted, false)
