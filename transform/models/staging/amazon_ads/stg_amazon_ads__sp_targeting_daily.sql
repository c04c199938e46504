with report as (
    {{ typed_source('amazon_ads', 'sp_targeting_daily') }}
),

report_days as (
    select * from {{ ref('stg_amazon_ads__report_days') }}
)

select *
from report
where
    {{ in_newest_run('report', 'report_days', 'profile_id', 'sp_targeting_daily') }}
