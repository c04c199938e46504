with shipping_lines as (
    select * from {{ shopify_base('shipping_lines') }}
)

select
    store_id,
    order_id,
    {{ whole('shipping_line_ordinal') }} as shipping_line_ordinal,
    title,
    {{ money('amount') }} as amount,
    {{ money('discount_amount') }} as discount_amount,
    {{ money('tax_amount') }} as tax_amount,
    {{ instant('extracted_at') }} as extracted_at
from shipping_lines
