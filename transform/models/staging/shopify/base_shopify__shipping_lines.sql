{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with shipping_lines as (
    {{ typed_source('shopify', 'order_shipping_lines') }}
)

select
    store_id,
    {{ shopify_id('order_id') }} as order_id,
    row_number() over (partition by store_id, order_id order by id) as shipping_line_ordinal,
    title,
    {{ shop_money('original_price_set') }} as amount,
    {{ shop_money('original_price_set') }} - {{ shop_money('discounted_price_set') }}
        as discount_amount,
    {{ json_sum('tax_lines', 'priceSet', 'shopMoney', 'amount') }} as tax_amount,
    extracted_at
from shipping_lines
where not coalesce(is_removed, false)
