{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with refunds as (
    {{ typed_source('shopify', 'order_refunds') }}
)

select
    store_id,
    {{ shopify_id(json_text('"order"', 'id')) }} as order_id,
    {{ shopify_id('id') }} as refund_id,
    created_at as refunded_at,
    {{ json_sum('refund_line_items', 'subtotalSet', 'shopMoney', 'amount') }}
    + {{ json_sum('refund_line_items', 'totalTaxSet', 'shopMoney', 'amount') }}
    - {{ json_sum('order_adjustments', 'amountSet', 'shopMoney', 'amount') }}
    - {{ json_sum('order_adjustments', 'taxAmountSet', 'shopMoney', 'amount') }} as total_amount,
    extracted_at
from refunds
