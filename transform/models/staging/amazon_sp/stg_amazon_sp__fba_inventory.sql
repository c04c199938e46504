with inventory as (
    select * from {{ ref('base_amazon_sp__fba_inventory') }}
),

report_days as (
    select * from {{ ref('stg_amazon_sp__report_days') }}
)

select *
from inventory
where
    {{ in_complete_run(
        'inventory', 'report_days', 'selling_partner_id', 'fba_inventory',
        day='snapshot_date', by_marketplace=true
    ) }}
    and {{ in_newest_run(
        'inventory', 'report_days', 'selling_partner_id', 'fba_inventory',
        day='snapshot_date', by_marketplace=true
    ) }}
