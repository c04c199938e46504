{{ config(enabled=var('shopify_source') == 'airbyte') }}

with products as (
    {{ typed_source('shopify_airbyte', 'products') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as product_id,
    title,
    vendor,
    product_type,
    upper(status) as status,
    coalesce(
        {{ json_text('featured_image', 'url') }}, {{ json_text('image', 'src') }}
    ) as image_url,
    _airbyte_extracted_at as extracted_at
from products
where deleted_at is null
