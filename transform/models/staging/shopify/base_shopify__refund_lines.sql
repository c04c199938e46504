{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with refunds as (
    {{ typed_source('shopify', 'order_refunds') }}
)

select
    refunds.store_id,
    {{ shopify_id(json_text('refunds."order"', 'id')) }} as order_id,
    {{ shopify_id('refunds.id') }} as refund_id,
    line.ordinal as refund_line_ordinal,
    {{ shopify_id(json_text('line.element', 'lineItem', 'id')) }} as line_item_id,
    refunds.created_at as refunded_at,
    {{ json_number('line.element', 'quantity') }} as quantity,
    {{ json_number('line.element', 'subtotalSet', 'shopMoney', 'amount') }} as subtotal_amount,
    {{ json_number('line.element', 'totalTaxSet', 'shopMoney', 'amount') }} as tax_amount,
    {{ json_text('line.element', 'restockType') }} as restock_type,
    refunds.extracted_at
from refunds
{{ each_element('refunds.refund_line_items', 'line') }}
