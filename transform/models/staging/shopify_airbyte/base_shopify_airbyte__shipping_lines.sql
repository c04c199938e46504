{{ config(enabled=var('shopify_source') == 'airbyte') }}

with orders as (
    {{ typed_source('shopify_airbyte', 'orders') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    orders.id as order_id,
    line.ordinal as shipping_line_ordinal,
    {{ json_text('line.element', 'title') }} as title,
    {{ json_number('line.element', 'price') }} as amount,
    {{ json_sum(json_part('line.element', 'discount_allocations'), 'amount') }} as discount_amount,
    {{ json_sum(json_part('line.element', 'tax_lines'), 'price') }} as tax_amount,
    orders._airbyte_extracted_at as extracted_at
from orders
{{ each_element('orders.shipping_lines', 'line') }}
where orders.deleted_at is null
