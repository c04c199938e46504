{%- set touched = [
    {'by': ['store_id', 'selling_partner_id', 'order_id'], 'rebuilt_in': ['stg_amazon_sp__orders']}
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'order_id', 'order_item_id'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
    where {{ is_touched }}
),

order_items as (
    select * from {{ ref('base_amazon_sp__order_items') }}
),

order_items_bulk as (
    select * from {{ ref('base_amazon_sp__order_items_bulk') }}
),

lines as (
    select
        store_id,
        selling_partner_id,
        order_id,
        order_item_id,
        marketplace_id,
        last_updated_time as last_updated_at,
        asin,
        seller_sku,
        title,
        quantity_ordered,
        quantity_fulfilled,
        coalesce(proceeds_total_currency_code, unit_price_currency_code) as currency_code,
        coalesce(
            {{ proceeds_of_type('proceeds_breakdowns', 'ITEM') }},
            unit_price_amount * quantity_ordered
        ) as item_price_amount,
        {{ proceeds_of_type('proceeds_breakdowns', 'SHIPPING') }} as shipping_price_amount,
        {{ proceeds_of_type('proceeds_breakdowns', 'GIFT_WRAP') }} as gift_wrap_price_amount,
        -- positive, whichever sign Amazon gives a discount
        abs({{ proceeds_of_type('proceeds_breakdowns', 'DISCOUNT') }}) as discount_amount,
        {{ proceeds_of_type('proceeds_breakdowns', 'TAX') }} as tax_amount,
        cancelled_by is not null as is_cancelled,
        promotion_ids,
        'orders' as order_source,
        'order_items' as source,
        report_id
    from order_items
    union all
    select
        store_id,
        selling_partner_id,
        order_id,
        order_item_id,
        marketplace_id,
        last_updated_date as last_updated_at,
        asin,
        sku as seller_sku,
        product_name as title,
        quantity as quantity_ordered,
        null as quantity_fulfilled,
        currency_code,
        item_price_amount,
        shipping_price_amount,
        gift_wrap_price_amount,
        {{ sum_of_known('item_promotion_discount_amount', 'ship_promotion_discount_amount') }}
            as discount_amount,
        {{ sum_of_known('item_tax_amount', 'shipping_tax_amount', 'gift_wrap_tax_amount') }}
            as tax_amount,
        lower(item_status) like 'cancel%' as is_cancelled,
        promotion_ids,
        'orders_bulk' as order_source,
        'order_items_bulk' as source,
        report_id
    from order_items_bulk
),

-- The lines of the order's source, and its newest version there: of an order that changed while
-- the raw tables were being loaded, the lines may be a version ahead or behind for one build.
versions as (
    select
        lines.*,
        orders.extracted_at,
        orders.order_status,
        max(lines.last_updated_at) over (
            partition by lines.store_id, lines.selling_partner_id, lines.order_id
        ) as newest_version
    from lines
    inner join orders
        on
            lines.store_id = orders.store_id
            and lines.selling_partner_id = orders.selling_partner_id
            and lines.order_id = orders.order_id
            and lines.order_source = orders.source
)

select
    store_id,
    selling_partner_id,
    order_id,
    order_item_id,
    marketplace_id,
    last_updated_at,
    asin,
    seller_sku,
    title,
    quantity_ordered,
    quantity_fulfilled,
    currency_code,
    {{ money('item_price_amount') }} as item_price_amount,
    {{ money('shipping_price_amount') }} as shipping_price_amount,
    {{ money('gift_wrap_price_amount') }} as gift_wrap_price_amount,
    {{ money('discount_amount') }} as discount_amount,
    {{ money('tax_amount') }} as tax_amount,
    is_cancelled or order_status = 'CANCELLED' as is_cancelled,
    promotion_ids,
    source,
    report_id,
    extracted_at,
    {{ built_at() }} as built_at
from versions
where last_updated_at is not distinct from newest_version
