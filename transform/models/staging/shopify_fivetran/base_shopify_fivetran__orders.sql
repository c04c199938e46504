{{ config(enabled=var('shopify_source') == 'fivetran') }}

with orders as (
    {{ typed_source('shopify_fivetran', 'order') }}
),

tags as (
    {{ typed_source('shopify_fivetran', 'order_url_tag') }}
),

visits as (
    select
        order_id,
        max(case when key = 'utm_source' then value end) as utm_source,
        max(case when key = 'utm_medium' then value end) as utm_medium,
        max(case when key = 'utm_campaign' then value end) as utm_campaign,
        max(case when key = 'utm_content' then value end) as utm_content,
        max(case when key = 'utm_term' then value end) as utm_term
    from tags
    group by order_id
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    orders.id as order_id,
    orders.name as order_name,
    orders.created_at,
    orders.processed_at,
    orders.updated_at,
    orders.cancelled_at,
    upper(orders.cancel_reason) as cancel_reason,
    orders.test as is_test,
    orders.source_name,
    orders.source_identifier,
    null as app_name,
    upper(orders.financial_status) as financial_status,
    upper(coalesce(orders.fulfillment_status, 'unfulfilled')) as fulfillment_status,
    orders.currency as currency_code,
    orders.presentment_currency as presentment_currency_code,
    orders.taxes_included,
    orders.subtotal_price as subtotal_amount,
    orders.total_discounts as discount_amount,
    {{ json_number('orders.total_shipping_price_set', 'shop_money', 'amount') }} as shipping_amount,
    orders.total_tax as tax_amount,
    orders.total_price as total_amount,
    visits.utm_source as last_visit_source,
    visits.utm_medium as last_visit_medium,
    visits.utm_campaign as last_visit_campaign,
    visits.utm_content as last_visit_content,
    visits.utm_term as last_visit_term,
    orders._fivetran_synced as extracted_at
from orders
left join visits on orders.id = visits.order_id
where not coalesce(orders._fivetran_deleted, false)
