with refunds as (
    select * from {{ shopify_base('refunds') }}
)

select
    store_id,
    order_id,
    refund_id,
    {{ instant('refunded_at') }} as refunded_at,
    {{ money('total_amount') }} as total_amount,
    {{ instant('extracted_at') }} as extracted_at
from refunds
