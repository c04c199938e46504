{%- set touched = [
    {'by': ['store_id', 'marketplace_id', 'date'], 'rebuilt_in': ['stg_amazon_sp__orders']}
] -%}
{%- set is_touched = touched_condition(touched) -%}
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

-- Multi-channel fulfilment is another shop's sale.
with orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
    where
        channel_name = 'AMAZON'
        and {{ is_touched }}
),

order_items as (
    select * from {{ ref('stg_amazon_sp__order_items') }}
),

prices as (
    select
        orders.store_id,
        orders.selling_partner_id,
        orders.order_id,
        sum(order_items.item_price_amount) as item_price_amount,
        count(*) - count(order_items.item_price_amount) as unpriced_lines
    from orders
    inner join order_items
        on
            orders.store_id = order_items.store_id
            and orders.selling_partner_id = order_items.selling_partner_id
            and orders.order_id = order_items.order_id
    group by
        orders.store_id, orders.selling_partner_id, orders.order_id
),

-- Only the Orders API says that an order replaces another one; in the report it is one that was
-- accepted and costs nothing.
classified as (
    select
        orders.store_id,
        orders.marketplace_id,
        orders.date,
        orders.order_status,
        orders.extracted_at,
        orders.replaces_order_id is not null
        or (
            orders.order_status not in ('PENDING', 'PENDING_AVAILABILITY', 'CANCELLED')
            and coalesce(prices.item_price_amount = 0 and prices.unpriced_lines = 0, false)
        ) as is_replacement
    from orders
    left join prices
        on
            orders.store_id = prices.store_id
            and orders.selling_partner_id = prices.selling_partner_id
            and orders.order_id = prices.order_id
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
