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

levels as (
    select * from {{ ref('stg_shopify__inventory_levels') }}
),

items as (
    select * from {{ ref('stg_shopify__inventory_items') }}
),

locations as (
    select * from {{ ref('stg_shopify__locations') }}
),

variants as (
    select * from {{ ref('stg_shopify__product_variants') }}
),

products as (
    select * from {{ ref('stg_shopify__products') }}
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
),

of_amazon as (
    select
        store_id,
        'amazon' as channel,
        inventory_pool as stock_location,
        inventory_pool as stock_location_name,
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
),

-- Orders do not tell from where they were sent, so a location has no velocity.
of_shop as (
    select
        levels.store_id,
        'shopify' as channel,
        levels.location_id as stock_location,
        coalesce(locations.name, levels.location_id) as stock_location_name,
        levels.inventory_item_id as stock_id,
        'NewItem' as condition,
        coalesce(variants.sku, items.sku) as sku,
        cast(null as jsonb) as skus,
        cast(null as text) as asin,
        coalesce(products.title, variants.title) as product_name,
        coalesce(variants.image_url, products.image_url) as image_url,
        cast(null as text) as marketplace_ids,
        levels.on_hand as total_quantity,
        levels.available as fulfillable_quantity,
        levels.incoming as inbound_quantity,
        levels.committed as reserved_quantity,
        cast(null as bigint) as transfer_quantity,
        cast(null as bigint) as researching_quantity,
        cast(null as bigint) as unfulfillable_quantity,
        cast(null as bigint) as units_shipped_30d,
        cast(null as bigint) as in_stock_days_30d,
        cast(null as numeric(18, 6)) as velocity,
        cast(null as date) as velocity_through,
        cast(null as numeric(18, 2)) as days_of_supply,
        cast(null as bigint) as restock_qty,
        {{ local_date('levels.extracted_at', "'UTC'") }} as snapshot_date,
        levels.extracted_at as snapshot_at,
        levels.extracted_at
    from levels
    left join items
        on
            levels.store_id = items.store_id
            and levels.inventory_item_id = items.inventory_item_id
    left join locations
        on
            levels.store_id = locations.store_id
            and levels.location_id = locations.location_id
    left join variants
        on
            levels.store_id = variants.store_id
            and levels.inventory_item_id = variants.inventory_item_id
    left join products
        on
            variants.store_id = products.store_id
            and variants.product_id = products.product_id
    where
        coalesce(items.is_tracked, true)
        and coalesce(locations.is_active, true)
)

select * from of_amazon
union all
select * from of_shop
