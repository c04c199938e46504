{{ config(enabled=var('shopify_source') == 'airbyte') }}

with refunds as (
    {{ typed_source('shopify_airbyte', 'order_refunds') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    refunds.order_id,
    refunds.id as refund_id,
    line.ordinal as refund_line_ordinal,
    {{ json_text('line.element', 'line_item_id') }} as line_item_id,
    refunds.created_at as refunded_at,
    {{ json_number('line.element', 'quantity') }} as quantity,
    {{ json_number('line.element', 'subtotal') }} as subtotal_amount,
    {{ json_number('line.element', 'total_tax') }} as tax_amount,
    upper({{ json_text('line.element', 'restock_type') }}) as restock_type,
    refunds._airbyte_extracted_at as extracted_at
from refunds
{{ each_element('refunds.refund_line_items', 'line') }}
