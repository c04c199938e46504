{%- set touched = [
    {
        'by': ['store_id', 'order_id'],
        'rebuilt_in': ['stg_amazon_sp__orders', 'int_shopify__orders']
    },
    {'by': ['store_id', 'currency_code', 'date'], 'rebuilt_in': ['int_exchange_rates']}
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {'columns': ['store_id', 'order_id', 'channel'], 'unique': true},
            {'columns': ['store_id', 'channel', 'date']},
            {'columns': ['built_at']}
        ]
    )
}}

with amazon_orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
    where {{ is_touched }}
),

shopify_orders as (
    select * from {{ ref('int_shopify__orders') }}
    where {{ is_touched }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

amazon_lines as (
    select
        amazon_orders.store_id,
        amazon_orders.selling_partner_id,
        amazon_orders.order_id,
        count(*) as order_lines,
        count(*) - count(lines.item_price_amount) as unpriced_lines,
        sum(lines.quantity_ordered) as units,
        sum(lines.item_price_amount) as item_price_amount,
        sum(lines.shipping_price_amount) as shipping_amount,
        sum(lines.gift_wrap_price_amount) as gift_wrap_amount,
        sum(lines.discount_amount) as discount_amount,
        sum(lines.tax_amount) as tax_amount
    from amazon_orders
    inner join {{ ref('stg_amazon_sp__order_items') }} as lines
        on
            amazon_orders.store_id = lines.store_id
            and amazon_orders.selling_partner_id = lines.selling_partner_id
            and amazon_orders.order_id = lines.order_id
    group by
        amazon_orders.store_id, amazon_orders.selling_partner_id, amazon_orders.order_id
),

shopify_lines as (
    select
        lines.store_id,
        lines.order_id,
        count(*) as order_lines,
        sum(case when not lines.is_gift_card then lines.quantity else 0 end) as units,
        sum(case when not lines.is_gift_card then lines.gross_amount else 0 end) as product_amount,
        sum(case when lines.is_gift_card then lines.gross_amount else 0 end) as gift_card_amount,
        sum(case when not lines.is_gift_card then lines.discount_amount else 0 end)
            as product_discount_amount
    from {{ ref('stg_shopify__order_lines') }} as lines
    inner join shopify_orders
        on
            lines.store_id = shopify_orders.store_id
            and lines.order_id = shopify_orders.order_id
    group by lines.store_id, lines.order_id
),

of_amazon as (
    select
        orders.store_id,
        'amazon' as channel,
        orders.order_id,
        orders.selling_partner_id,
        orders.marketplace_id,
        orders.seller_order_id as order_name,
        orders.date,
        case when marketplaces.time_zone is null then 'utc' else 'marketplace' end as day_basis,
        coalesce(marketplaces.time_zone, 'UTC') as time_zone,
        orders.purchased_at as ordered_at,
        orders.last_updated_at as updated_at,
        orders.order_status,
        null as payment_status,
        orders.fulfilled_by,
        marketplaces.sales_channel as source_name,
        null as app_name,
        null as amazon_order_id,
        false as is_amazon_import,
        coalesce(orders.channel_name = 'NON_AMAZON', false) as is_multi_channel_fulfillment,
        coalesce(orders.order_status = 'CANCELLED', false) as is_cancelled,
        false as is_test,
        coalesce(orders.order_status in ('PENDING', 'PENDING_AVAILABILITY'), false) as is_pending,
        coalesce({{ is_replacement('orders', 'amazon_lines') }}, false) as is_replacement,
        orders.currency_code,
        {{ tax_basis('marketplaces.prices_include_tax') }} as tax_basis,
        coalesce(amazon_lines.order_lines, 0) as order_lines,
        amazon_lines.units,
        amazon_lines.item_price_amount as product_amount,
        cast(null as numeric) as product_discount_amount,
        amazon_lines.discount_amount,
        amazon_lines.shipping_amount,
        amazon_lines.gift_wrap_amount,
        cast(null as numeric) as gift_card_amount,
        amazon_lines.tax_amount,
        coalesce(
            orders.grand_total_amount,
            {{ sum_of_known(
                'amazon_lines.item_price_amount',
                'amazon_lines.shipping_amount',
                'amazon_lines.gift_wrap_amount',
                '-amazon_lines.discount_amount',
                'case when not marketplaces.prices_include_tax then amazon_lines.tax_amount end'
            ) }}
        ) as total_amount,
        cast(null as numeric) as refunded_amount,
        orders.extracted_at
    from amazon_orders as orders
    left join marketplaces on orders.marketplace_id = marketplaces.marketplace_id
    left join amazon_lines
        on
            orders.store_id = amazon_lines.store_id
            and orders.selling_partner_id = amazon_lines.selling_partner_id
            and orders.order_id = amazon_lines.order_id
),

of_shopify as (
    select
        orders.store_id,
        'shopify' as channel,
        orders.order_id,
        null as selling_partner_id,
        null as marketplace_id,
        orders.order_name,
        orders.date,
        orders.day_basis,
        orders.time_zone,
        orders.ordered_at,
        orders.updated_at,
        case
            when orders.cancelled_at is not null then 'CANCELLED' else orders.fulfillment_status
        end as order_status,
        orders.financial_status as payment_status,
        case when orders.fulfillment_order_id is not null then 'AMAZON' end as fulfilled_by,
        orders.source_name,
        orders.app_name,
        case
            when orders.is_amazon_import then orders.imported_order_id
            else orders.fulfillment_order_id
        end as amazon_order_id,
        orders.is_amazon_import,
        not orders.is_amazon_import and orders.fulfillment_order_id is not null
            as is_multi_channel_fulfillment,
        orders.cancelled_at is not null as is_cancelled,
        coalesce(orders.is_test, false) as is_test,
        coalesce(orders.financial_status = 'PENDING', false) as is_pending,
        false as is_replacement,
        orders.currency_code,
        orders.tax_basis,
        coalesce(lines.order_lines, 0) as order_lines,
        lines.units,
        coalesce(lines.product_amount, 0) as product_amount,
        coalesce(lines.product_discount_amount, 0) as product_discount_amount,
        orders.discount_amount,
        orders.shipping_amount,
        cast(null as numeric) as gift_wrap_amount,
        coalesce(lines.gift_card_amount, 0) as gift_card_amount,
        orders.tax_amount,
        orders.total_amount,
        orders.refunded_amount,
        orders.extracted_at
    from shopify_orders as orders
    left join shopify_lines as lines
        on
            orders.store_id = lines.store_id
            and orders.order_id = lines.order_id
),

orders as (
    select * from of_amazon
    union all
    select * from of_shopify
)

select
    orders.store_id,
    orders.channel,
    orders.order_id,
    orders.selling_partner_id,
    orders.marketplace_id,
    orders.order_name,
    orders.date,
    orders.day_basis,
    orders.time_zone,
    orders.ordered_at,
    orders.updated_at,
    orders.order_status,
    orders.payment_status,
    orders.fulfilled_by,
    orders.source_name,
    orders.app_name,
    orders.amazon_order_id,
    orders.is_amazon_import,
    orders.is_multi_channel_fulfillment,
    orders.is_cancelled,
    orders.is_test,
    orders.is_pending,
    orders.is_replacement,
    not orders.is_amazon_import
    and not orders.is_test
    and not orders.is_replacement
    and not (orders.channel = 'amazon' and orders.is_multi_channel_fulfillment) as is_sale,
    {{ whole('orders.order_lines') }} as order_lines,
    {{ whole('orders.units') }} as units,
    orders.currency_code,
    orders.tax_basis,
    {{ money('orders.product_amount') }} as product_amount,
    {{ money('orders.product_discount_amount') }} as product_discount_amount,
    {{ money('orders.discount_amount') }} as discount_amount,
    {{ money('orders.shipping_amount') }} as shipping_amount,
    {{ money('orders.gift_wrap_amount') }} as gift_wrap_amount,
    {{ money('orders.gift_card_amount') }} as gift_card_amount,
    {{ money('orders.tax_amount') }} as tax_amount,
    {{ money('orders.total_amount') }} as total_amount,
    {{ money('orders.refunded_amount') }} as refunded_amount,
    stores.reporting_currency_code,
    exchange_rates.fx_rate,
    exchange_rates.fx_rate_date,
    {{ in_reporting('orders.product_amount') }} as product_amount_reporting,
    {{ in_reporting('orders.discount_amount') }} as discount_amount_reporting,
    {{ in_reporting('orders.shipping_amount') }} as shipping_amount_reporting,
    {{ in_reporting('orders.total_amount') }} as total_amount_reporting,
    orders.extracted_at,
    {{ built_at() }} as built_at
from orders
left join stores on orders.store_id = stores.store_id
{{ exchange_rates('orders') }}
