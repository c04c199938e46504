select
    store_id,
    marketplace_id,
    date,
    orders,
    cancelled_orders,
    units_ordered,
    sessions
from {{ ref('rpt_storefronts_daily') }}
where
    orders > cancelled_orders
    and (coalesce(units_ordered, 0) = 0 or coalesce(sessions, 0) = 0)
    -- younger days may still be empty
    and date < {{ days_later(local_today('time_zone'), -7) }}
    -- days before the first that sales and traffic were asked for are none of theirs
    and date >= (select min(days.date) from {{ ref('fct_sales_traffic_daily') }} as days)
