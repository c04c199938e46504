{{ config(enabled=var('shopify_source') == 'fivetran') }}

with shipping_lines as (
    {{ typed_source('shopify_fivetran', 'order_shipping_line') }}
),

taxes as (
    select
        order_shipping_line_id,
        sum(price) as amount
    from ({{ typed_source('shopify_fivetran', 'order_shipping_tax_line') }}) as tax_lines
    group by order_shipping_line_id
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    shipping_lines.order_id,
    row_number() over (
        partition by shipping_lines.order_id order by shipping_lines.id
    ) as shipping_line_ordinal,
    shipping_lines.title,
    shipping_lines.price as amount,
    shipping_lines.price - shipping_lines.discounted_price as discount_amount,
    coalesce(taxes.amount, 0) as tax_amount,
    shipping_lines._fivetran_synced as extracted_at
from shipping_lines
left join taxes on shipping_lines.id = taxes.order_shipping_line_id
