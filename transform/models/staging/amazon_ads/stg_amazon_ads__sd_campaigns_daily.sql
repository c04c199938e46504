with campaign_days as (
    select * from {{ ref('base_amazon_ads__sd_campaigns_daily') }}
),

report_days as (
    select * from {{ ref('stg_amazon_ads__report_days') }}
)

select *
from campaign_days
where
    {{ in_newest_run('campaign_days', 'report_days', 'profile_id', 'sd_campaigns_daily') }}
