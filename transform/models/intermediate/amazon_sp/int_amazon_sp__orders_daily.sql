{%- set touched = [
    {'by': ['store_id', 'marketplace_id', 'date'], 'rebuilt_in': ['stg_amazon_sp__orders']}
] -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'marketplace_id', 'date'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
),

order_items as (
    select * from {{ ref('stg_amazon_sp__order_items') }}
),

touched_orders as (
    select *
    from orders
    where
        -- multi-channel fulfilment is another shop's sale
        channel_name = 'AMAZON'
        and {{ is_touched(touched, 'orders') }}
),

prices as (
    select
        touched_orders.store_id,
        touched_orders.selling_partner_id,
        touched_orders.order_id,
        sum(order_items.item_price_amount) as item_price_amount,
        count(*) - count(order_items.item_price_amount) as unpriced_lines
    from touched_orders
    inner join order_items
        on
            touched_orders.store_id = order_items.store_id
            and touched_orders.selling_partner_id = order_items.selling_partner_id
            and touched_orders.order_id = order_items.order_id
    group by
        touched_orders.store_id, touched_orders.selling_partner_id, touched_orders.order_id
),

-- Only the Orders API says that an order replaces another one; in the report it is one that was
-- accepted and costs nothing.
classified as (
    select
        touched_orders.store_id,
        touched_orders.marketplace_id,
        touched_orders.date,
        touched_orders.order_status,
        touched_orders.extracted_at,
        touched_orders.replaces_order_id is not null
        or (
            touched_orders.order_status not in ('PENDING', 'PENDING_AVAILABILITY', 'CANCELLED')
            and coalesce(prices.item_price_amount = 0 and prices.unpriced_lines = 0, false)
        ) as is_replacement
    from touched_orders
    left join prices
        on
            touched_orders.store_id = prices.store_id
            and touched_orders.selling_partner_id = prices.selling_partner_id
            and touched_orders.order_id = prices.order_id
)

select
    store_id,
    marketplace_id,
    date,
    count(case when not is_replacement then 1 end) as orders,
    count(case when not is_replacement and order_status = 'CANCELLED' then 1 end)
        as cancelled_orders,
    count(
        case
            when not is_replacement and order_status in ('PENDING', 'PENDING_AVAILABILITY') then 1
        end
    ) as pending_orders,
    count(case when is_replacement then 1 end) as replacement_orders,
    max(extracted_at) as extracted_at,
    {{ built_at() }} as built_at
from classified
group by store_id, marketplace_id, date
