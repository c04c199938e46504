with product_costs as (
    select * from {{ ref('product_costs') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

followed as (
    select
        *,
        lead(valid_from) over (partition by store_id, seller_sku order by valid_from) as next_from,
        min(valid_from) over (partition by store_id, seller_sku) as first_from
    from product_costs
),

own as (
    select distinct
        store_id,
        seller_sku,
        first_from
    from followed
)

select
    store_id,
    cast(null as text) as marketplace_id,
    seller_sku,
    valid_from,
    {{ next_day('next_from', -1) }} as valid_until,
    unit_cost,
    currency_code,
    'seed' as cost_source
from followed
union all
-- Shopify knows what a unit costs now; of a listing of several that many.
select
    products.store_id,
    products.marketplace_id,
    products.seller_sku,
    products.first_day as valid_from,
    least(products.last_day, {{ next_day('own.first_from', -1) }}) as valid_until,
    products.unit_cost_amount * products.units_per_listing as unit_cost,
    products.unit_cost_currency_code as currency_code,
    'shopify' as cost_source
from products
left join own
    on
        products.store_id = own.store_id
        and products.seller_sku = own.seller_sku
where
    products.unit_cost_amount is not null
    and (own.first_from is null or own.first_from > products.first_day)
