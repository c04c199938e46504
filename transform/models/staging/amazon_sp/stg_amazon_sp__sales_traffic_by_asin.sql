with rows_read as (
    {{ typed_source('amazon_sp', 'sales_traffic_by_asin') }}
),

report_days as (
    select * from {{ ref('stg_amazon_sp__report_days') }}
)

select *
from rows_read
where
    {{ in_newest_run(
        'rows_read', 'report_days', 'selling_partner_id', 'sales_traffic_by_asin', by_marketplace=true
    ) }}
