select
    store_id,
    order_status,
    count(*) as orders
from {{ ref('stg_amazon_sp__orders') }}
where
    order_status not in (
        'PENDING_AVAILABILITY',
        'PENDING',
        'UNSHIPPED',
        'PARTIALLY_SHIPPED',
        'SHIPPED',
        'CANCELLED',
        'UNFULFILLABLE'
    )
group by store_id, order_status
