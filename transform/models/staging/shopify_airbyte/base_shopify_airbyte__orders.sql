{{ config(enabled=var('shopify_source') == 'airbyte') }}

with orders as (
    {{ typed_source('shopify_airbyte', 'orders') }}
),

journeys as (
    select
        order_id,
        {{ json_part('customer_journey_summary', 'last_visit') }} as last_visit
    from ({{ typed_source('shopify_airbyte', 'customer_journey_summary') }}) as summaries
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
    coalesce(
        {{ json_text('journeys.last_visit', 'utm_parameters', 'source') }},
        {{ url_parameter('orders.landing_site', 'utm_source') }},
        {{ json_text('journeys.last_visit', 'source') }}
    ) as last_visit_source,
    coalesce(
        {{ json_text('journeys.last_visit', 'utm_parameters', 'medium') }},
        {{ url_parameter('orders.landing_site', 'utm_medium') }}
    ) as last_visit_medium,
    coalesce(
        {{ json_text('journeys.last_visit', 'utm_parameters', 'campaign') }},
        {{ url_parameter('orders.landing_site', 'utm_campaign') }}
    ) as last_visit_campaign,
    coalesce(
        {{ json_text('journeys.last_visit', 'utm_parameters', 'content') }},
        {{ url_parameter('orders.landing_site', 'utm_content') }}
    ) as last_visit_content,
    coalesce(
        {{ json_text('journeys.last_visit', 'utm_parameters', 'term') }},
        {{ url_parameter('orders.landing_site', 'utm_term') }}
    ) as last_visit_term,
    orders._airbyte_extracted_at as extracted_at
from orders
left join journeys on orders.id = journeys.order_id
where orders.deleted_at is null
