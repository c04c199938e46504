{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with orders as (
    {{ typed_source('shopify', 'orders') }}
)

select
    orders.store_id,
    {{ shopify_id('orders.id') }} as order_id,
    {{ shopify_id(json_text('line.element', 'id')) }} as line_item_id,
    line.ordinal as line_ordinal,
    {{ shopify_id(json_text('line.element', 'product', 'id')) }} as product_id,
    {{ shopify_id(json_text('line.element', 'variant', 'id')) }} as variant_id,
    {{ json_text('line.element', 'sku') }} as sku,
    {{ json_text('line.element', 'title') }} as title,
    {{ json_number('line.element', 'quantity') }} as quantity,
    -- this tap has no quantity that is left
    null as current_quantity,
    {{ json_number('line.element', 'originalUnitPriceSet', 'shopMoney', 'amount') }}
        as unit_price_amount,
    {{ json_number('line.element', 'originalTotalSet', 'shopMoney', 'amount') }} as gross_amount,
    {{ json_sum(
        json_part('line.element', 'discountAllocations'), 'allocatedAmountSet', 'shopMoney', 'amount'
    ) }} as discount_amount,
    {{ json_sum(json_part('line.element', 'taxLines'), 'priceSet', 'shopMoney', 'amount') }}
        as tax_amount,
    {{ json_text('line.element', 'isGiftCard') }} as is_gift_card,
    orders.extracted_at
from orders
{{ each_element('orders.line_items', 'line') }}
