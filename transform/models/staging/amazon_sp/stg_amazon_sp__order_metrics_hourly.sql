with rows_read as (
    {{ typed_source('amazon_sp', 'order_metrics_hourly') }}
),

report_days as (
    select * from {{ ref('stg_amazon_sp__report_days') }}
)

select *
from rows_read
where
    {{ in_newest_run(
        'rows_read', 'report_days', 'selling_partner_id', 'order_metrics_hourly', by_marketplace=true
    ) }}
