{{
    config(
        materialized='table',
        indexes=[{'columns': ['store_id', 'marketplace_id', 'date'], 'unique': true}]
    )
}}

with report_runs as (
    select * from {{ ref('stg_amazon_sp__report_runs') }}
),

participations as (
    select * from {{ ref('stg_amazon_sp__marketplace_participations') }}
),

orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
),

sales_traffic as (
    select * from {{ ref('fct_sales_traffic_daily') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

-- Sellers take part in many more marketplaces than they are known in.
active as (
    select
        store_id,
        marketplace_id
    from orders
    where channel_name = 'AMAZON'
    union
    select
        store_id,
        marketplace_id
    from sales_traffic
),

runs as (
    select
        report_runs.store_id,
        report_runs.selling_partner_id,
        report_runs.region,
        parts.marketplace_id,
        report_runs.window_start as starts_at,
        report_runs.window_end as ends_at
    from report_runs
    {{ each_part('report_runs.marketplace_ids', 'marketplace_id') }}
    where
        report_runs.stream in ('orders', 'orders_bulk')
        and report_runs.status in ('done', 'no_data')
        and report_runs.window_start < report_runs.window_end
),

-- A run that names no marketplace was for all in which the seller takes part.
stretches as (
    select
        runs.store_id,
        coalesce(participations.marketplace_id, runs.marketplace_id) as marketplace_id,
        runs.starts_at,
        runs.ends_at
    from runs
    left join participations
        on
            runs.marketplace_id = '*'
            and runs.store_id = participations.store_id
            and runs.selling_partner_id = participations.selling_partner_id
            and runs.region = participations.region
            and participations.is_participating
),

{{ unbroken_stretches('stretches', ['store_id', 'marketplace_id']) }},

islands as (
    select
        unbroken.store_id,
        unbroken.marketplace_id,
        marketplaces.time_zone,
        min(unbroken.starts_at) as starts_at,
        max(unbroken.ends_at) as ends_at
    from unbroken
    inner join marketplaces on unbroken.marketplace_id = marketplaces.marketplace_id
    inner join active
        on
            unbroken.store_id = active.store_id
            and unbroken.marketplace_id = active.marketplace_id
    group by
        unbroken.store_id, unbroken.marketplace_id, marketplaces.time_zone, unbroken.gaps_before
),

local_islands as (
    select
        store_id,
        marketplace_id,
        time_zone,
        starts_at,
        {{ local_date('starts_at', 'time_zone') }} as begun_day,
        {{ utc_midnight(local_date('starts_at', 'time_zone'), 'time_zone') }}
            as begun_day_starts_at,
        {{ local_date(seconds_later('ends_at', -1), 'time_zone') }} as reached_day,
        {{ local_today('time_zone') }} as today
    from islands
),

-- The day in which a stretch begins is whole only if it begins with it. The day in which it ends is
-- not, unless that is today, whose orders so far are worth knowing.
whole_days as (
    select
        store_id,
        marketplace_id,
        today,
        case
            when begun_day_starts_at = starts_at then begun_day
            else {{ next_day('begun_day') }}
        end as first_day,
        case when reached_day >= today then reached_day else {{ next_day('reached_day', -1) }} end
            as last_day
    from local_islands
),

spans as (
    select
        store_id,
        marketplace_id,
        min(first_day) as first_day,
        greatest(max(last_day), max(today)) as last_day
    from whole_days
    group by store_id, marketplace_id
),

calendar as (
    select
        spans.store_id,
        spans.marketplace_id,
        days.date
    from spans
    {{ each_day('spans.first_day', 'spans.last_day', 'date') }}
)

select
    calendar.store_id,
    calendar.marketplace_id,
    calendar.date,
    count(whole_days.store_id) > 0 as is_covered
from calendar
left join whole_days
    on
        calendar.store_id = whole_days.store_id
        and calendar.marketplace_id = whole_days.marketplace_id
        and calendar.date between whole_days.first_day and whole_days.last_day
group by calendar.store_id, calendar.marketplace_id, calendar.date
