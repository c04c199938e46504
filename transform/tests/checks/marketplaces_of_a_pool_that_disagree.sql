with inventory as (
    select * from {{ ref('stg_amazon_sp__fba_inventory') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
)

select
    inventory.store_id,
    inventory.snapshot_date,
    marketplaces.inventory_pool,
    inventory.fn_sku,
    inventory.condition,
    min(inventory.total_quantity) as smallest,
    max(inventory.total_quantity) as largest
from inventory
inner join marketplaces on inventory.marketplace_id = marketplaces.marketplace_id
where inventory.fn_sku <> ''
group by
    inventory.store_id,
    inventory.snapshot_date,
    marketplaces.inventory_pool,
    inventory.fn_sku,
    inventory.condition
having
    min(inventory.total_quantity) <> max(inventory.total_quantity)
    -- stock moves: only what was read at much the same time can be expected to agree
    and max(inventory.snapshot_at) <= {{ minutes_later('min(inventory.snapshot_at)', 5) }}
