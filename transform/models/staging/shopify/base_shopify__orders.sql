{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with orders as (
    {{ typed_source('shopify', 'orders') }}
),

last_moments as (
    select
        *,
        row_number() over (
            partition by store_id, order_id order by moment_ordinal desc
        ) as recency
    from {{ ref('base_shopify__order_moments') }}
),

last_visits as (
    select * from last_moments
    where recency = 1
)

select
    orders.store_id,
    {{ shopify_id('orders.id') }} as order_id,
    orders.name as order_name,
    orders.created_at,
    orders.processed_at,
    orders.updated_at,
    orders.cancelled_at,
    orders.cancel_reason,
    orders.test as is_test,
    orders.source_name,
    orders.source_identifier,
    {{ json_text('orders.app', 'name') }} as app_name,
    orders.display_financial_status as financial_status,
    orders.display_fulfillment_status as fulfillment_status,
    orders.currency_code,
    orders.presentment_currency_code,
    orders.taxes_included,
    {{ shop_money('orders.subtotal_price_set') }} as subtotal_amount,
    {{ shop_money('orders.total_discounts_set') }} as discount_amount,
    {{ shop_money('orders.total_shipping_price_set') }} as shipping_amount,
    {{ shop_money('orders.total_tax_set') }} as tax_amount,
    {{ shop_money('orders.total_price_set') }} as total_amount,
    last_visits.source as last_visit_source,
    last_visits.medium as last_visit_medium,
    last_visits.campaign as last_visit_campaign,
    last_visits.content as last_visit_content,
    last_visits.term as last_visit_term,
    orders.extracted_at
from orders
left join last_visits
    on
        orders.store_id = last_visits.store_id
        and {{ shopify_id('orders.id') }} = last_visits.order_id
