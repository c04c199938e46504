with orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
)

select
    orders.store_id,
    orders.order_id,
    orders.marketplace_id,
    orders.channel_name,
    orders.date
from orders
left join marketplaces on orders.marketplace_id = marketplaces.marketplace_id
where
    coalesce(orders.channel_name, 'AMAZON') = 'AMAZON'
    and marketplaces.marketplace_id is null
