with order_lines as (
    select * from {{ shopify_base('order_lines') }}
)

select
    store_id,
    order_id,
    line_item_id,
    {{ whole('line_ordinal') }} as line_ordinal,
    product_id,
    variant_id,
    nullif(trim(sku), '') as sku,
    title,
    {{ whole('quantity') }} as quantity,
    {{ whole('current_quantity') }} as current_quantity,
    {{ money('unit_price_amount') }} as unit_price_amount,
    {{ money('gross_amount') }} as gross_amount,
    {{ money('discount_amount') }} as discount_amount,
    {{ money('tax_amount') }} as tax_amount,
    cast(is_gift_card as boolean) as is_gift_card,
    {{ instant('extracted_at') }} as extracted_at
from order_lines
