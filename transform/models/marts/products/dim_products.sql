{{
    config(
        indexes=[
            {'columns': ['store_id', 'marketplace_id', 'seller_sku', 'first_day'], 'unique': true},
            {'columns': ['store_id', 'variant_id']}
        ]
    )
}}

with listings as (
    select * from {{ ref('stg_amazon_sp__listings') }}
),

stock as (
    select * from {{ ref('stg_amazon_sp__fba_inventory') }}
),

orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
),

order_items as (
    select * from {{ ref('stg_amazon_sp__order_items') }}
),

catalog_items as (
    select * from {{ ref('stg_amazon_sp__catalog_items') }}
),

variants as (
    select * from {{ ref('stg_shopify__product_variants') }}
),

products as (
    select * from {{ ref('stg_shopify__products') }}
),

inventory_items as (
    select * from {{ ref('stg_shopify__inventory_items') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

overrides as (
    select
        *,
        lead(valid_from) over (
            partition by store_id, coalesce(marketplace_id, ''), seller_sku order by valid_from
        ) as next_from
    from {{ ref('product_overrides') }}
),

-- A listing that was deleted still has stock and orders.
told as (
    select
        store_id,
        marketplace_id,
        seller_sku,
        selling_partner_id,
        asin,
        item_name,
        is_listed,
        'listings' as told_by,
        1 as preference,
        extracted_at
    from listings
    union all
    select
        store_id,
        marketplace_id,
        seller_sku,
        selling_partner_id,
        asin,
        product_name as item_name,
        null as is_listed,
        'fba_inventory' as told_by,
        2 as preference,
        extracted_at
    from stock
    union all
    select
        orders.store_id,
        orders.marketplace_id,
        order_items.seller_sku,
        orders.selling_partner_id,
        order_items.asin,
        order_items.title as item_name,
        null as is_listed,
        'orders' as told_by,
        3 as preference,
        order_items.extracted_at
    from order_items
    inner join orders
        on
            order_items.store_id = orders.store_id
            and order_items.selling_partner_id = orders.selling_partner_id
            and order_items.order_id = orders.order_id
    where
        orders.marketplace_id is not null
        and order_items.seller_sku is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by store_id, marketplace_id, seller_sku
            order by preference asc, extracted_at desc, asin asc
        ) as choice
    from told
),

offers as (
    select
        ranked.store_id,
        ranked.marketplace_id,
        ranked.seller_sku,
        trim(ranked.seller_sku) as sku,
        ranked.selling_partner_id,
        ranked.asin,
        coalesce(catalog_items.item_name, ranked.item_name) as title,
        catalog_items.brand,
        coalesce(ranked.is_listed, false) as is_listed,
        ranked.told_by,
        ranked.extracted_at
    from ranked
    left join catalog_items
        on
            ranked.store_id = catalog_items.store_id
            and ranked.selling_partner_id = catalog_items.selling_partner_id
            and ranked.marketplace_id = catalog_items.marketplace_id
            and ranked.asin = catalog_items.asin
    where ranked.choice = 1
),

shops as (
    select distinct store_id from variants
),

by_sku as (
    select
        store_id,
        sku,
        count(*) as variants,
        min(variant_id) as variant_id
    from variants
    where sku is not null
    group by store_id, sku
),

-- An ASIN is the same product in every marketplace, and not every one tells its barcode.
identified as (
    select distinct
        catalog_items.store_id,
        catalog_items.asin,
        {{ gtin(json_text('identifiers.element', 'identifier')) }} as gtin
    from catalog_items
    {{ each_element('catalog_items.identifiers', 'identifiers') }}
    where {{ json_text('identifiers.element', 'identifierType') }} in ('EAN', 'UPC', 'JAN', 'GTIN')
),

by_barcode as (
    select
        identified.store_id,
        identified.asin,
        count(distinct variants.variant_id) as variants,
        min(variants.variant_id) as variant_id
    from identified
    inner join variants
        on
            identified.store_id = variants.store_id
            and identified.gtin = {{ gtin('variants.barcode') }}
    group by identified.store_id, identified.asin
),

-- An override of one marketplace goes before one of all.
overridden as (
    select
        offers.store_id,
        offers.marketplace_id,
        offers.seller_sku,
        overrides.valid_from as first_day,
        coalesce({{ next_day('overrides.next_from', -1) }}, {{ last_of_days() }}) as last_day,
        overrides.variant_id,
        overrides.units_per_listing,
        overrides.marketplace_id as overridden_marketplace_id,
        max(overrides.marketplace_id) over (
            partition by offers.store_id, offers.marketplace_id, offers.seller_sku
        ) as own_marketplace_id
    from offers
    inner join overrides
        on
            offers.store_id = overrides.store_id
            and offers.seller_sku = overrides.seller_sku
            and (
                overrides.marketplace_id is null
                or offers.marketplace_id = overrides.marketplace_id
            )
),

by_override as (
    select
        overridden.*,
        min(overridden.first_day) over (
            partition by overridden.store_id, overridden.marketplace_id, overridden.seller_sku
        ) as first_override
    from overridden
    where
        overridden.own_marketplace_id is null
        or overridden.overridden_marketplace_id is not null
),

overridden_from as (
    select distinct
        store_id,
        marketplace_id,
        seller_sku,
        first_override
    from by_override
),

matched as (
    select
        offers.store_id,
        offers.marketplace_id,
        offers.seller_sku,
        by_override.first_day,
        by_override.last_day,
        case
            when by_override.variant_id is null then 'kept_apart'
            when variants.variant_id is null then 'override_unknown'
            else 'override'
        end as match_status,
        variants.variant_id,
        by_override.units_per_listing
    from offers
    inner join by_override
        on
            offers.store_id = by_override.store_id
            and offers.marketplace_id = by_override.marketplace_id
            and offers.seller_sku = by_override.seller_sku
    left join variants
        on
            by_override.store_id = variants.store_id
            and by_override.variant_id = variants.variant_id
    union all
    select
        offers.store_id,
        offers.marketplace_id,
        offers.seller_sku,
        {{ first_of_days() }} as first_day,
        coalesce({{ next_day('overridden_from.first_override', -1) }}, {{ last_of_days() }})
            as last_day,
        case
            when shops.store_id is null then 'no_shop'
            when by_sku.variants = 1 then 'sku'
            when by_sku.variants > 1 then 'ambiguous_sku'
            when by_barcode.variants = 1 then 'barcode'
            when by_barcode.variants > 1 then 'ambiguous_barcode'
            else 'unmatched'
        end as match_status,
        case
            when by_sku.variants = 1 then by_sku.variant_id
            when by_sku.variants is null and by_barcode.variants = 1 then by_barcode.variant_id
        end as variant_id,
        null as units_per_listing
    from offers
    left join shops on offers.store_id = shops.store_id
    left join by_sku
        on
            offers.store_id = by_sku.store_id
            and offers.sku = by_sku.sku
    left join by_barcode
        on
            offers.store_id = by_barcode.store_id
            and offers.asin = by_barcode.asin
    left join overridden_from
        on
            offers.store_id = overridden_from.store_id
            and offers.marketplace_id = overridden_from.marketplace_id
            and offers.seller_sku = overridden_from.seller_sku
)

select
    offers.store_id,
    offers.marketplace_id,
    offers.seller_sku,
    matched.first_day,
    matched.last_day,
    offers.selling_partner_id,
    offers.asin,
    offers.title,
    offers.brand,
    offers.is_listed,
    offers.told_by,
    matched.match_status,
    matched.variant_id,
    variants.product_id,
    variants.sku as variant_sku,
    products.title as product_title,
    variants.title as variant_title,
    variants.inventory_item_id,
    case
        when matched.variant_id is not null then coalesce(matched.units_per_listing, 1)
    end as units_per_listing,
    {{ money('inventory_items.unit_cost_amount') }} as unit_cost_amount,
    -- some loaders leave it out: it is the shop's
    case
        when inventory_items.unit_cost_amount is not null
            then coalesce(inventory_items.unit_cost_currency_code, stores.shop_currency_code)
    end as unit_cost_currency_code,
    greatest(offers.extracted_at, variants.extracted_at) as extracted_at
from offers
inner join matched
    on
        offers.store_id = matched.store_id
        and offers.marketplace_id = matched.marketplace_id
        and offers.seller_sku = matched.seller_sku
left join variants
    on
        matched.store_id = variants.store_id
        and matched.variant_id = variants.variant_id
left join products
    on
        variants.store_id = products.store_id
        and variants.product_id = products.product_id
left join inventory_items
    on
        variants.store_id = inventory_items.store_id
        and variants.inventory_item_id = inventory_items.inventory_item_id
left join stores on matched.store_id = stores.store_id
