{{
    config(
        materialized='table',
        indexes=[{'columns': ['store_id', 'profile_id', 'ad_product', 'date'], 'unique': true}]
    )
}}

with profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

report_days as (
    select * from {{ ref('stg_amazon_ads__report_days') }}
),

ad_products as (
    select
        'SPONSORED_PRODUCTS' as ad_product,
        'sp_campaigns_daily' as stream
    union all
    select
        'SPONSORED_BRANDS' as ad_product,
        'sb_campaigns_daily' as stream
    union all
    select
        'SPONSORED_DISPLAY' as ad_product,
        'sd_campaigns_daily' as stream
),

-- From the first day that any campaign report covered to today in the profile's zone.
spans as (
    select
        report_days.store_id,
        report_days.profile_id,
        profiles.time_zone,
        min(report_days.date) as first_day,
        greatest(max(report_days.date), {{ local_today('profiles.time_zone') }}) as last_day
    from report_days
    inner join ad_products on report_days.stream = ad_products.stream
    inner join profiles
        on
            report_days.store_id = profiles.store_id
            and report_days.profile_id = profiles.profile_id
    group by report_days.store_id, report_days.profile_id, profiles.time_zone
),

calendar as (
    select
        spans.store_id,
        spans.profile_id,
        spans.time_zone,
        days.date
    from spans
    {{ each_day('spans.first_day', 'spans.last_day', 'date') }}
)

select
    calendar.store_id,
    calendar.profile_id,
    ad_products.ad_product,
    calendar.date,
    calendar.time_zone,
    report_days.report_id is not null as is_covered,
    {{ is_final('calendar.date', 'calendar.time_zone', var('ads_traffic_final_days')) }}
        as is_traffic_final,
    {{ is_final('calendar.date', 'calendar.time_zone', var('ads_conversions_final_days')) }}
        as is_final,
    report_days.report_id,
    report_days.extracted_at
from calendar
cross join ad_products
left join report_days
    on
        calendar.store_id = report_days.store_id
        and calendar.profile_id = report_days.profile_id
        and calendar.date = report_days.date
        and ad_products.stream = report_days.stream
