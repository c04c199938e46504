with rows_read as (
    {{ typed_source('amazon_sp', 'fba_inventory_ledger') }}
),

report_days as (
    select * from {{ ref('stg_amazon_sp__report_days') }}
)

select *
from rows_read
where
    {{ in_newest_run(
        'rows_read', 'report_days', 'selling_partner_id', 'fba_inventory_ledger', by_region=true
    ) }}
