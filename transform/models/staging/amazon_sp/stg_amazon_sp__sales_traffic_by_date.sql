with sales_traffic as (
    select * from {{ ref('base_amazon_sp__sales_traffic_by_date') }}
),

report_days as (
    select * from {{ ref('stg_amazon_sp__report_days') }}
)

select *
from sales_traffic
where
    {{ in_newest_run(
        'sales_traffic', 'report_days', 'selling_partner_id', 'sales_traffic_by_date',
        by_marketplace=true
    ) }}
