{{ config(enabled=var('shopify_source') == 'airbyte') }}

with refunds as (
    {{ typed_source('shopify_airbyte', 'order_refunds') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    order_id,
    id as refund_id,
    created_at as refunded_at,
    {{ json_sum('refund_line_items', 'subtotal') }}
    + {{ json_sum('refund_line_items', 'total_tax') }}
    - {{ json_sum('order_adjustments', 'amount') }}
    - {{ json_sum('order_adjustments', 'tax_amount') }}
        as total_amount,
    _airbyte_extracted_at as extracted_at
from refunds
