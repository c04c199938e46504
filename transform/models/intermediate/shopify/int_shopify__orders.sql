{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'order_id'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'order_id'], 'unique': true},
            {'columns': ['built_at']},
            {'columns': ['store_id', 'date']}
        ]
    )
}}

with orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

refunds as (
    select * from {{ ref('stg_shopify__refunds') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

-- what Amazon ships for the shop, by the id that the shop gave it: its own id of the order, or the
-- number that people see
multi_channel as (
    select
        store_id,
        ltrim(seller_order_id, '#') as seller_order_id,
        max(order_id) as order_id
    from {{ ref('stg_amazon_sp__orders') }}
    where
        channel_name = 'NON_AMAZON'
        and seller_order_id is not null
    group by store_id, ltrim(seller_order_id, '#')
),

refund_loads as (
    select
        store_id,
        order_id,
        max(extracted_at) as extracted_at
    from refunds
    group by store_id, order_id
),

found as (
    select
        orders.store_id,
        orders.order_id,
        {{ local_date(
            'coalesce(orders.processed_at, orders.created_at)', "coalesce(stores.shop_time_zone, 'UTC')"
        ) }} as date,
        case when stores.shop_time_zone is null then 'utc' else 'shop' end as day_basis,
        coalesce(stores.shop_time_zone, 'UTC') as time_zone,
        coalesce(by_name.order_id, by_id.order_id) as fulfillment_order_id,
        greatest(orders.extracted_at, refund_loads.extracted_at) as extracted_at
    from orders
    left join stores on orders.store_id = stores.store_id
    left join refund_loads
        on
            orders.store_id = refund_loads.store_id
            and orders.order_id = refund_loads.order_id
    left join multi_channel as by_name
        on
            orders.store_id = by_name.store_id
            and ltrim(orders.order_name, '#') = by_name.seller_order_id
    left join multi_channel as by_id
        on
            orders.store_id = by_id.store_id
            and orders.order_id = by_id.seller_order_id
),

-- orders that were loaded again, of which a refund was, or of which something else is known now
changed as (
    select found.*
    from found
    {% if is_incremental() %}
        left join {{ this }} as known
            on
                found.store_id = known.store_id
                and found.order_id = known.order_id
        where
            found.extracted_at is distinct from known.extracted_at
            or found.date is distinct from known.date
            or found.time_zone is distinct from known.time_zone
            or found.fulfillment_order_id is distinct from known.fulfillment_order_id
    {% endif %}
),

refunded as (
    select
        refunds.store_id,
        refunds.order_id,
        sum(refunds.total_amount) as refunded_amount
    from refunds
    inner join changed
        on
            refunds.store_id = changed.store_id
            and refunds.order_id = changed.order_id
    group by refunds.store_id, refunds.order_id
)

select
    orders.store_id,
    orders.order_id,
    orders.order_name,
    changed.date,
    changed.day_basis,
    changed.time_zone,
    coalesce(orders.processed_at, orders.created_at) as ordered_at,
    orders.updated_at,
    orders.cancelled_at,
    orders.is_test,
    orders.source_name,
    orders.app_name,
    orders.financial_status,
    orders.fulfillment_status,
    {{ like_any('orders.source_name', 'amazon_import_sources') }}
    or {{ like_any('orders.app_name', 'amazon_import_apps') }}
    or {{ amazon_order_id_in('orders.source_identifier') }} is not null as is_amazon_import,
    coalesce(
        {{ amazon_order_id_in('orders.source_identifier') }},
        {{ amazon_order_id_in('orders.order_name') }}
    ) as imported_order_id,
    changed.fulfillment_order_id,
    orders.currency_code,
    {{ tax_basis('orders.taxes_included') }} as tax_basis,
    orders.subtotal_amount,
    orders.discount_amount,
    orders.shipping_amount,
    orders.tax_amount,
    orders.total_amount,
    {{ money('coalesce(refunded.refunded_amount, 0)') }} as refunded_amount,
    changed.extracted_at,
    {{ built_at() }} as built_at
from orders
inner join changed
    on
        orders.store_id = changed.store_id
        and orders.order_id = changed.order_id
left join refunded
    on
        orders.store_id = refunded.store_id
        and orders.order_id = refunded.order_id
