{{ config(enabled=var('shopify_source') == 'airbyte') }}

with orders as (
    {{ typed_source('shopify_airbyte', 'orders') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    orders.id as order_id,
    {{ json_text('line.element', 'id') }} as line_item_id,
    line.ordinal as line_ordinal,
    {{ json_text('line.element', 'product_id') }} as product_id,
    {{ json_text('line.element', 'variant_id') }} as variant_id,
    {{ json_text('line.element', 'sku') }} as sku,
    {{ json_text('line.element', 'title') }} as title,
    {{ json_number('line.element', 'quantity') }} as quantity,
    {{ json_number('line.element', 'current_quantity') }} as current_quantity,
    {{ json_number('line.element', 'price') }} as unit_price_amount,
    {{ json_number('line.element', 'price') }} * {{ json_number('line.element', 'quantity') }}
        as gross_amount,
    {{ json_sum(json_part('line.element', 'discount_allocations'), 'amount') }} as discount_amount,
    {{ json_sum(json_part('line.element', 'tax_lines'), 'price') }} as tax_amount,
    {{ json_text('line.element', 'gift_card') }} as is_gift_card,
    orders._airbyte_extracted_at as extracted_at
from orders
{{ each_element('orders.line_items', 'line') }}
where orders.deleted_at is null
