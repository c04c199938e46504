with storefronts as (
    select * from {{ ref('rpt_storefronts_daily') }}
),

-- Days before the first that sales and traffic were asked for are none of theirs.
first_days as (
    select
        store_id,
        min(date) as first_day
    from {{ ref('fct_sales_traffic_daily') }}
    group by store_id
)

select
    storefronts.store_id,
    storefronts.marketplace_id,
    storefronts.date,
    storefronts.orders,
    storefronts.cancelled_orders,
    storefronts.units_ordered,
    storefronts.sessions
from storefronts
inner join first_days on storefronts.store_id = first_days.store_id
where
    storefronts.date >= first_days.first_day
    -- younger days may still be empty
    and storefronts.date < {{ days_later(local_today('storefronts.time_zone'), -7) }}
    and storefronts.orders > storefronts.cancelled_orders
    and (coalesce(storefronts.units_ordered, 0) = 0 or coalesce(storefronts.sessions, 0) = 0)
