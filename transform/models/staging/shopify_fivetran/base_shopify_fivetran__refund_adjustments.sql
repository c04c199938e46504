{{ config(enabled=var('shopify_source') == 'fivetran') }}

with adjustments as (
    {{ typed_source('shopify_fivetran', 'order_adjustment') }}
),

refunds as (
    {{ typed_source('shopify_fivetran', 'refund') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    refunds.order_id,
    adjustments.refund_id,
    row_number() over (
        partition by adjustments.refund_id order by adjustments.id
    ) as adjustment_ordinal,
    refunds.created_at as refunded_at,
    case adjustments.kind
        when 'shipping_refund' then 'shipping_refund' else 'refund_discrepancy'
    end as kind,
    adjustments.amount,
    adjustments.tax_amount,
    adjustments._fivetran_synced as extracted_at
from adjustments
inner join refunds on adjustments.refund_id = refunds.id
