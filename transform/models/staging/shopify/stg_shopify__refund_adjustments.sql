with refund_adjustments as (
    select * from {{ shopify_base('refund_adjustments') }}
)

select
    store_id,
    order_id,
    refund_id,
    {{ whole('adjustment_ordinal') }} as adjustment_ordinal,
    {{ instant('refunded_at') }} as refunded_at,
    kind,
    {{ money('amount') }} as amount,
    {{ money('tax_amount') }} as tax_amount,
    {{ instant('extracted_at') }} as extracted_at
from refund_adjustments
