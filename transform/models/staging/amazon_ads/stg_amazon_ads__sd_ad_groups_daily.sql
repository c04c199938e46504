with report as (
    {{ typed_source('amazon_ads', 'sd_ad_groups_daily') }}
),

report_days as (
    select * from {{ ref('stg_amazon_ads__report_days') }}
)

select *
from report
where
    {{ in_newest_run('report', 'report_days', 'profile_id', 'sd_ad_groups_daily') }}
