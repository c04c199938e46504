with order_journeys as (
    select * from {{ shopify_base('order_journeys') }}
)

select
    store_id,
    order_id,
    cast(is_ready as boolean) as is_ready,
    {{ whole('moments_count') }} as moments_count,
    {{ instant('extracted_at') }} as extracted_at
from order_journeys
