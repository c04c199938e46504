with economics as (
    select * from {{ ref('base_amazon_sp__economics') }}
),

report_days as (
    select * from {{ ref('stg_amazon_sp__report_days') }}
)

select *
from economics
where
    {{ in_newest_run(
        'economics', 'report_days', 'selling_partner_id', 'economics', by_marketplace=true
    ) }}
