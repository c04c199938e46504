{%- set touched = [
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': ['stg_amazon_sp__report_days'],
        'where': "fresh.stream = 'fba_inventory'"
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {
                'columns': ['store_id', 'date', 'inventory_pool', 'fn_sku', 'condition'],
                'unique': true
            },
            {'columns': ['built_at']}
        ]
    )
}}

with inventory as (
    select * from {{ ref('stg_amazon_sp__fba_inventory') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

pooled as (
    select
        inventory.*,
        inventory.snapshot_date as date,
        coalesce(marketplaces.inventory_pool, inventory.marketplace_id) as inventory_pool,
        -- stock without a label is the SKU's own
        coalesce(nullif(inventory.fn_sku, ''), inventory.seller_sku) as label
    from inventory
    left join marketplaces on inventory.marketplace_id = marketplaces.marketplace_id
),

-- Every marketplace of a pool and every SKU of a label tells the same units: one row counts, the
-- newest, and of equally new ones the fullest.
ranked as (
    select
        *,
        row_number() over (
            partition by store_id, date, inventory_pool, label, condition
            order by snapshot_at desc, total_quantity desc, marketplace_id asc, seller_sku asc
        ) as choice
    from pooled
    where {{ is_touched }}
),

sharing as (
    select
        store_id,
        date,
        inventory_pool,
        label,
        condition,
        {{ json_list('seller_sku') }} as seller_skus,
        {{ sorted_list('marketplace_id') }} as marketplace_ids
    from ranked
    group by store_id, date, inventory_pool, label, condition
)

select
    ranked.store_id,
    ranked.date,
    ranked.inventory_pool,
    ranked.label as fn_sku,
    ranked.condition,
    ranked.selling_partner_id,
    'marketplace' as day_basis,
    ranked.asin,
    ranked.seller_sku,
    sharing.seller_skus,
    sharing.marketplace_ids,
    ranked.product_name,
    ranked.total_quantity,
    ranked.fulfillable_quantity,
    ranked.inbound_working_quantity
    + ranked.inbound_shipped_quantity
    + ranked.inbound_receiving_quantity as inbound_quantity,
    ranked.inbound_working_quantity,
    ranked.inbound_shipped_quantity,
    ranked.inbound_receiving_quantity,
    ranked.total_reserved_quantity as reserved_quantity,
    ranked.pending_customer_order_quantity as reserved_customer_order_quantity,
    ranked.pending_transshipment_quantity as reserved_transshipment_quantity,
    ranked.fc_processing_quantity as reserved_processing_quantity,
    ranked.total_researching_quantity as researching_quantity,
    ranked.total_unfulfillable_quantity as unfulfillable_quantity,
    ranked.customer_damaged_quantity,
    ranked.warehouse_damaged_quantity,
    ranked.distributor_damaged_quantity,
    ranked.carrier_damaged_quantity,
    ranked.defective_quantity,
    ranked.expired_quantity,
    ranked.snapshot_at,
    ranked.last_updated_time as last_updated_at,
    ranked.report_id,
    ranked.extracted_at,
    {{ built_at() }} as built_at
from ranked
inner join sharing
    on
        ranked.store_id = sharing.store_id
        and ranked.date = sharing.date
        and ranked.inventory_pool = sharing.inventory_pool
        and ranked.label = sharing.label
        and ranked.condition = sharing.condition
where ranked.choice = 1
