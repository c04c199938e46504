{{ config(enabled=var('shopify_source') == 'airbyte') }}

with refunds as (
    {{ typed_source('shopify_airbyte', 'order_refunds') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    refunds.order_id,
    refunds.id as refund_id,
    adjustment.ordinal as adjustment_ordinal,
    refunds.created_at as refunded_at,
    case {{ json_text('adjustment.element', 'kind') }}
        when 'shipping_refund' then 'shipping_refund' else 'refund_discrepancy'
    end as kind,
    {{ json_number('adjustment.element', 'amount') }} as amount,
    {{ json_number('adjustment.element', 'tax_amount') }} as tax_amount,
    refunds._airbyte_extracted_at as extracted_at
from refunds
{{ each_element('refunds.order_adjustments', 'adjustment') }}
