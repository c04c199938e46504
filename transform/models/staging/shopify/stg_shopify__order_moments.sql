with order_moments as (
    select * from {{ shopify_base('order_moments') }}
)

select
    store_id,
    order_id,
    {{ whole('moment_ordinal') }} as moment_ordinal,
    {{ instant('occurred_at') }} as occurred_at,
    source,
    source_type,
    medium,
    campaign,
    content,
    term,
    landing_page,
    referrer_url,
    {{ instant('extracted_at') }} as extracted_at
from order_moments
