with products as (
    select * from {{ ref('dim_products') }}
),

order_items as (
    select * from {{ ref('fct_order_items') }}
    where
        channel = 'amazon'
        and is_sale
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

counted as (
    select
        store_id,
        marketplace_id,
        match_status,
        count(*) as products
    from products
    where last_day = {{ last_of_days() }}
    group by store_id, marketplace_id, match_status
),

sold as (
    select
        order_items.store_id,
        order_items.marketplace_id,
        coalesce(products.match_status, 'unknown_sku') as match_status,
        max(order_items.currency_code) as currency_code,
        sum(order_items.quantity) as units,
        sum(order_items.product_amount) as product_sales
    from order_items
    left join products
        on
            order_items.store_id = products.store_id
            and order_items.marketplace_id = products.marketplace_id
            and order_items.seller_sku = products.seller_sku
            and order_items.date between products.first_day and products.last_day
    where
        order_items.marketplace_id is not null
        and order_items.date > {{ coverage_begins() }}
    group by
        order_items.store_id,
        order_items.marketplace_id,
        coalesce(products.match_status, 'unknown_sku')
),

joined as (
    select
        coalesce(counted.store_id, sold.store_id) as store_id,
        coalesce(counted.marketplace_id, sold.marketplace_id) as marketplace_id,
        coalesce(counted.match_status, sold.match_status) as match_status,
        coalesce(counted.products, 0) as products,
        sold.currency_code,
        coalesce(sold.units, 0) as units,
        coalesce(sold.product_sales, 0) as product_sales
    from counted
    full outer join sold
        on
            counted.store_id = sold.store_id
            and counted.marketplace_id = sold.marketplace_id
            and counted.match_status = sold.match_status
)

select
    joined.store_id,
    joined.marketplace_id,
    joined.match_status,
    joined.match_status in ('override', 'sku', 'barcode') as is_matched,
    joined.products,
    coalesce(joined.currency_code, marketplaces.currency_code) as currency_code,
    {{ whole('joined.units') }} as units,
    {{ money('joined.product_sales') }} as product_sales,
    {{ ratio(
        'joined.product_sales',
        'sum(joined.product_sales) over (partition by joined.store_id, joined.marketplace_id)'
    ) }} as share_of_sales
from joined
left join marketplaces on joined.marketplace_id = marketplaces.marketplace_id
