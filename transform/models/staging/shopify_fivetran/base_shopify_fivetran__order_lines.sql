{{ config(enabled=var('shopify_source') == 'fivetran') }}

with lines as (
    {{ typed_source('shopify_fivetran', 'order_line') }}
),

discounts as (
    select
        order_line_id,
        sum(amount) as amount
    from ({{ typed_source('shopify_fivetran', 'discount_allocation') }}) as allocations
    group by order_line_id
),

taxes as (
    select
        order_line_id,
        sum(price) as amount
    from ({{ typed_source('shopify_fivetran', 'tax_line') }}) as tax_lines
    group by order_line_id
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    lines.order_id,
    lines.id as line_item_id,
    row_number() over (
        partition by lines.order_id order by lines.index nulls last, lines.id
    ) as line_ordinal,
    lines.product_id,
    lines.variant_id,
    lines.sku,
    lines.title,
    lines.quantity,
    lines.current_quantity,
    lines.price as unit_price_amount,
    lines.price * lines.quantity as gross_amount,
    coalesce(discounts.amount, 0) as discount_amount,
    coalesce(taxes.amount, 0) as tax_amount,
    lines.gift_card as is_gift_card,
    lines._fivetran_synced as extracted_at
from lines
left join discounts on lines.id = discounts.order_line_id
left join taxes on lines.id = taxes.order_line_id
