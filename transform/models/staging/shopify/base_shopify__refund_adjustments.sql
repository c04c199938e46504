{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with refunds as (
    {{ typed_source('shopify', 'order_refunds') }}
)

select
    refunds.store_id,
    {{ shopify_id(json_text('refunds."order"', 'id')) }} as order_id,
    {{ shopify_id('refunds.id') }} as refund_id,
    adjustment.ordinal as adjustment_ordinal,
    refunds.created_at as refunded_at,
    -- the tap leaves the kind out; shipping given back is the one without a reason
    case
        when
            coalesce({{ json_text('adjustment.element', 'reason') }}, 'SHIPPING_REFUND')
            = 'SHIPPING_REFUND'
            then 'shipping_refund'
        else 'refund_discrepancy'
    end as kind,
    {{ json_number('adjustment.element', 'amountSet', 'shopMoney', 'amount') }} as amount,
    {{ json_number('adjustment.element', 'taxAmountSet', 'shopMoney', 'amount') }} as tax_amount,
    refunds.extracted_at
from refunds
{{ each_element('refunds.order_adjustments', 'adjustment') }}
