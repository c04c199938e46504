with orders as (
    select
        *,
        tax_basis = 'includes_tax' as is_tax_included
    from {{ ref('fct_orders') }}
    where
        channel = 'shopify'
        and is_sale
),

order_lines as (
    select * from {{ ref('stg_shopify__order_lines') }}
    where not is_gift_card
),

shipping_lines as (
    select * from {{ ref('stg_shopify__shipping_lines') }}
),

refund_lines as (
    select * from {{ ref('stg_shopify__refund_lines') }}
),

refund_adjustments as (
    select * from {{ ref('stg_shopify__refund_adjustments') }}
),

goods as (
    select
        orders.store_id,
        orders.date,
        orders.time_zone,
        orders.currency_code,
        orders.order_id,
        orders.is_tax_included,
        order_lines.line_item_id,
        order_lines.sku as seller_sku,
        order_lines.variant_id,
        order_lines.quantity,
        order_lines.gross_amount,
        order_lines.discount_amount,
        coalesce(order_lines.tax_amount, 0) as tax_amount
    from orders
    inner join order_lines
        on
            orders.store_id = order_lines.store_id
            and orders.order_id = order_lines.order_id
),

returned as (
    select
        goods.store_id,
        {{ local_date('refund_lines.refunded_at', 'goods.time_zone') }} as date,
        goods.date as sold_on,
        goods.currency_code,
        goods.is_tax_included,
        goods.seller_sku,
        goods.variant_id,
        refund_lines.quantity,
        coalesce(refund_lines.restock_type, 'NO_RESTOCK') <> 'NO_RESTOCK' as is_restocked,
        refund_lines.subtotal_amount,
        coalesce(refund_lines.tax_amount, 0) as tax_amount
    from refund_lines
    inner join goods
        on
            refund_lines.store_id = goods.store_id
            and refund_lines.order_id = goods.order_id
            and refund_lines.line_item_id = goods.line_item_id
),

shipped as (
    select
        orders.store_id,
        orders.date,
        orders.currency_code,
        orders.is_tax_included,
        shipping_lines.amount,
        coalesce(shipping_lines.discount_amount, 0) as discount_amount,
        coalesce(shipping_lines.tax_amount, 0) as tax_amount
    from orders
    inner join shipping_lines
        on
            orders.store_id = shipping_lines.store_id
            and orders.order_id = shipping_lines.order_id
),

-- Shipping given back, and what was given back beyond or below what was calculated.
adjusted as (
    select
        orders.store_id,
        {{ local_date('refund_adjustments.refunded_at', 'orders.time_zone') }} as date,
        orders.currency_code,
        orders.is_tax_included,
        case refund_adjustments.kind
            when 'shipping_refund' then 'shipping_refund'
            else 'product_sales_refund'
        end as class,
        refund_adjustments.amount,
        coalesce(refund_adjustments.tax_amount, 0) as tax_amount
    from orders
    inner join refund_adjustments
        on
            orders.store_id = refund_adjustments.store_id
            and orders.order_id = refund_adjustments.order_id
),

-- Tax that stands in the price is taken out of the goods' own amount; the rest is told apart.
entries as (
    select
        store_id,
        date,
        date as sold_on,
        currency_code,
        seller_sku,
        variant_id,
        'product_sales' as class,
        gross_amount as amount,
        gross_amount - case when is_tax_included then tax_amount else 0 end as net_amount,
        case when is_tax_included then 0 else tax_amount end as tax_amount,
        quantity,
        quantity as units_moved
    from goods
    union all
    select
        store_id,
        date,
        date as sold_on,
        currency_code,
        seller_sku,
        variant_id,
        'promotion' as class,
        -discount_amount as amount,
        -discount_amount as net_amount,
        0 as tax_amount,
        null as quantity,
        0 as units_moved
    from goods
    where discount_amount <> 0
    union all
    select
        store_id,
        date,
        sold_on,
        currency_code,
        seller_sku,
        variant_id,
        'product_sales_refund' as class,
        -subtotal_amount as amount,
        -(subtotal_amount - case when is_tax_included then tax_amount else 0 end) as net_amount,
        -case when is_tax_included then 0 else tax_amount end as tax_amount,
        quantity,
        case when is_restocked then -quantity else 0 end as units_moved
    from returned
    union all
    select
        store_id,
        date,
        date as sold_on,
        currency_code,
        null as seller_sku,
        null as variant_id,
        'shipping' as class,
        amount,
        amount - case when is_tax_included then tax_amount else 0 end as net_amount,
        case when is_tax_included then 0 else tax_amount end as tax_amount,
        null as quantity,
        0 as units_moved
    from shipped
    union all
    select
        store_id,
        date,
        date as sold_on,
        currency_code,
        null as seller_sku,
        null as variant_id,
        'shipping_promotion' as class,
        -discount_amount as amount,
        -discount_amount as net_amount,
        0 as tax_amount,
        null as quantity,
        0 as units_moved
    from shipped
    where discount_amount <> 0
    union all
    select
        store_id,
        date,
        date as sold_on,
        currency_code,
        null as seller_sku,
        null as variant_id,
        class,
        amount,
        amount - case when is_tax_included then tax_amount else 0 end as net_amount,
        case when is_tax_included then 0 else tax_amount end as tax_amount,
        null as quantity,
        0 as units_moved
    from adjusted
)

select
    store_id,
    date,
    sold_on,
    currency_code,
    seller_sku,
    variant_id,
    class,
    amount,
    net_amount,
    quantity,
    units_moved
from entries
union all
select
    store_id,
    date,
    sold_on,
    currency_code,
    seller_sku,
    variant_id,
    'tax_collected' as class,
    tax_amount as amount,
    null as net_amount,
    null as quantity,
    0 as units_moved
from entries
where tax_amount <> 0
