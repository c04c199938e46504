with transactions as (
    select * from {{ shopify_base('transactions') }}
)

select
    store_id,
    order_id,
    transaction_id,
    kind,
    status,
    gateway,
    {{ money('amount') }} as amount,
    currency_code,
    {{ instant('processed_at') }} as processed_at,
    {{ instant('extracted_at') }} as extracted_at
from transactions
