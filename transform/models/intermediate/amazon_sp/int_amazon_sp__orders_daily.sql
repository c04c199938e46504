{%- set touched = [
    {'by': ['store_id', 'marketplace_id', 'date'], 'rebuilt_in': ['stg_amazon_sp__orders']},
    {
        'by': ['store_id', 'marketplace_id', 'date'],
        'differs_from': 'int_amazon_sp__orders_covered_days',
        'on': ['is_covered']
    }
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

with covered_days as (
    select * from {{ ref('int_amazon_sp__orders_covered_days') }}
    where {{ is_touched }}
),

-- Multi-channel fulfilment is another shop's sale.
orders as (
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
        {{ is_replacement('orders', 'prices') }} as is_replacement
    from orders
    left join prices
        on
            orders.store_id = prices.store_id
            and orders.selling_partner_id = prices.selling_partner_id
            and orders.order_id = prices.order_id
),

counted as (
    select
        store_id,
        marketplace_id,
        date,
        count(case when not is_replacement then 1 end) as orders,
        count(case when not is_replacement and order_status = 'CANCELLED' then 1 end)
            as cancelled_orders,
        count(
            case
                when not is_replacement and order_status in ('PENDING', 'PENDING_AVAILABILITY')
                    then 1
            end
        ) as pending_orders,
        count(case when is_replacement then 1 end) as replacement_orders,
        max(extracted_at) as extracted_at
    from classified
    group by store_id, marketplace_id, date
)

select
    covered_days.store_id,
    covered_days.marketplace_id,
    covered_days.date,
    covered_days.is_covered,
    case when covered_days.is_covered then coalesce(counted.orders, 0) end as orders,
    case when covered_days.is_covered then coalesce(counted.cancelled_orders, 0) end
        as cancelled_orders,
    case when covered_days.is_covered then coalesce(counted.pending_orders, 0) end
        as pending_orders,
    case when covered_days.is_covered then coalesce(counted.replacement_orders, 0) end
        as replacement_orders,
    counted.extracted_at,
    {{ built_at() }} as built_at
from covered_days
left join counted
    on
        covered_days.store_id = counted.store_id
        and covered_days.marketplace_id = counted.marketplace_id
        and covered_days.date = counted.date
