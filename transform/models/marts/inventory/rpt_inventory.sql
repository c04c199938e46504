{{
    config(
        indexes=[
            {
                'columns': ['store_id', 'channel', 'stock_location', 'stock_id', 'condition'],
                'unique': true
            }
        ]
    )
}}

with inventory as (
    select * from {{ ref('fct_inventory_daily') }}
),

ledger as (
    select * from {{ ref('stg_amazon_sp__fba_inventory_ledger') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

images as (
    select * from {{ ref('dim_product_images') }}
),

newest as (
    select
        *,
        max(date) over (partition by store_id, inventory_pool) as newest_date
    from inventory
),

-- The ledger names countries; Amazon's GB is the UK.
moves as (
    select
        ledger.store_id,
        coalesce(marketplaces.inventory_pool, lower(ledger.location)) as inventory_pool,
        ledger.fnsku as fn_sku,
        ledger.date,
        sum(-coalesce(ledger.customer_shipments, 0)) as units_shipped,
        sum(
            case
                when ledger.disposition = 'SELLABLE'
                    then
                        coalesce(ledger.starting_warehouse_balance, 0)
                        + coalesce(ledger.receipts, 0)
                else 0
            end
        ) as sellable_units
    from ledger
    left join marketplaces
        on
            marketplaces.country_code
            = case ledger.location when 'GB' then 'UK' else ledger.location end
    group by
        ledger.store_id,
        coalesce(marketplaces.inventory_pool, lower(ledger.location)),
        ledger.fnsku,
        ledger.date
),

-- 30 days back from the newest that the ledger tells of the pool: it is a day or two behind.
recent as (
    select
        *,
        max(date) over (partition by store_id, inventory_pool) as told_through
    from moves
),

velocities as (
    select
        store_id,
        inventory_pool,
        fn_sku,
        max(told_through) as velocity_through,
        sum(units_shipped) as units_shipped_30d,
        count(case when sellable_units > 0 or units_shipped > 0 then 1 end) as in_stock_days_30d
    from recent
    where date > {{ days_later('told_through', -30) }}
    group by store_id, inventory_pool, fn_sku
),

pictured as (
    select
        store_id,
        asin,
        min(url) as image_url
    from images
    group by store_id, asin
),

stock as (
    select
        newest.*,
        pictured.image_url,
        velocities.velocity_through,
        velocities.units_shipped_30d,
        velocities.in_stock_days_30d,
        {{ ratio('velocities.units_shipped_30d', 'velocities.in_stock_days_30d') }} as velocity
    from newest
    left join velocities
        on
            newest.store_id = velocities.store_id
            and newest.inventory_pool = velocities.inventory_pool
            and newest.fn_sku = velocities.fn_sku
    left join pictured
        on
            newest.store_id = pictured.store_id
            and newest.asin = pictured.asin
    where newest.date = newest.newest_date
)

select
    store_id,
    'amazon' as channel,
    inventory_pool as stock_location,
    fn_sku as stock_id,
    condition,
    seller_sku as sku,
    seller_skus as skus,
    asin,
    product_name,
    image_url,
    marketplace_ids,
    total_quantity,
    fulfillable_quantity,
    inbound_quantity,
    reserved_quantity,
    reserved_transshipment_quantity as transfer_quantity,
    researching_quantity,
    unfulfillable_quantity,
    {{ whole('units_shipped_30d') }} as units_shipped_30d,
    in_stock_days_30d,
    velocity,
    velocity_through,
    {{ days_of_supply('fulfillable_quantity', 'velocity') }} as days_of_supply,
    {{ restock_quantity(
        'velocity', 'fulfillable_quantity', 'inbound_quantity', 'reserved_transshipment_quantity'
    ) }} as restock_qty,
    date as snapshot_date,
    snapshot_at,
    extracted_at
from stock
