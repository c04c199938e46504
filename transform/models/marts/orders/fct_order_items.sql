{%- set touched = [
    {'by': ['store_id', 'channel', 'order_id'], 'rebuilt_in': ['fct_orders']}
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {'columns': ['store_id', 'order_id', 'order_item_id', 'channel'], 'unique': true},
            {'columns': ['store_id', 'channel', 'date']},
            {'columns': ['built_at']}
        ]
    )
}}

with orders as (
    select * from {{ ref('fct_orders') }}
    where {{ is_touched }}
),

amazon_lines as (
    select * from {{ ref('stg_amazon_sp__order_items') }}
),

shopify_lines as (
    select * from {{ ref('stg_shopify__order_lines') }}
),

refunded as (
    select
        lines.store_id,
        lines.order_id,
        lines.line_item_id,
        sum(lines.quantity) as quantity,
        sum(lines.subtotal_amount) as amount
    from {{ ref('stg_shopify__refund_lines') }} as lines
    inner join orders
        on
            lines.store_id = orders.store_id
            and lines.order_id = orders.order_id
            and orders.channel = 'shopify'
    group by lines.store_id, lines.order_id, lines.line_item_id
),

lines as (
    select
        orders.store_id,
        orders.channel,
        orders.order_id,
        lines.order_item_id,
        lines.asin,
        lines.seller_sku,
        null as product_id,
        null as variant_id,
        lines.title,
        false as is_gift_card,
        lines.is_cancelled,
        lines.quantity_ordered as quantity,
        null as refunded_quantity,
        lines.item_price_amount as product_amount,
        lines.discount_amount,
        lines.shipping_price_amount as shipping_amount,
        lines.gift_wrap_price_amount as gift_wrap_amount,
        lines.tax_amount,
        null as refunded_amount
    from orders
    inner join amazon_lines as lines
        on
            orders.store_id = lines.store_id
            and orders.selling_partner_id = lines.selling_partner_id
            and orders.order_id = lines.order_id
    where orders.channel = 'amazon'
    union all
    select
        orders.store_id,
        orders.channel,
        orders.order_id,
        lines.line_item_id as order_item_id,
        null as asin,
        lines.sku as seller_sku,
        lines.product_id,
        lines.variant_id,
        lines.title,
        coalesce(lines.is_gift_card, false) as is_gift_card,
        orders.is_cancelled,
        lines.quantity,
        coalesce(refunded.quantity, 0) as refunded_quantity,
        lines.gross_amount as product_amount,
        lines.discount_amount,
        null as shipping_amount,
        null as gift_wrap_amount,
        lines.tax_amount,
        coalesce(refunded.amount, 0) as refunded_amount
    from orders
    inner join shopify_lines as lines
        on
            orders.store_id = lines.store_id
            and orders.order_id = lines.order_id
    left join refunded
        on
            lines.store_id = refunded.store_id
            and lines.order_id = refunded.order_id
            and lines.line_item_id = refunded.line_item_id
    where orders.channel = 'shopify'
)

select
    lines.store_id,
    lines.channel,
    lines.order_id,
    lines.order_item_id,
    orders.selling_partner_id,
    orders.marketplace_id,
    orders.date,
    orders.day_basis,
    orders.time_zone,
    orders.ordered_at,
    lines.asin,
    lines.seller_sku,
    lines.product_id,
    lines.variant_id,
    lines.title,
    lines.is_gift_card,
    orders.is_amazon_import,
    orders.is_multi_channel_fulfillment,
    lines.is_cancelled,
    orders.is_test,
    orders.is_pending,
    orders.is_replacement,
    orders.is_sale and not lines.is_gift_card as is_sale,
    {{ whole('lines.quantity') }} as quantity,
    {{ whole('lines.refunded_quantity') }} as refunded_quantity,
    orders.currency_code,
    orders.tax_basis,
    {{ money('lines.product_amount') }} as product_amount,
    {{ money('lines.discount_amount') }} as discount_amount,
    {{ money('lines.shipping_amount') }} as shipping_amount,
    {{ money('lines.gift_wrap_amount') }} as gift_wrap_amount,
    {{ money('lines.tax_amount') }} as tax_amount,
    {{ money('lines.refunded_amount') }} as refunded_amount,
    orders.reporting_currency_code,
    orders.fx_rate,
    orders.fx_rate_date,
    {{ money('lines.product_amount * orders.fx_rate') }} as product_amount_reporting,
    {{ money('lines.discount_amount * orders.fx_rate') }} as discount_amount_reporting,
    orders.extracted_at,
    {{ built_at() }} as built_at
from lines
inner join orders
    on
        lines.store_id = orders.store_id
        and lines.channel = orders.channel
        and lines.order_id = orders.order_id
