with refund_lines as (
    select * from {{ shopify_base('refund_lines') }}
)

select
    store_id,
    order_id,
    refund_id,
    {{ whole('refund_line_ordinal') }} as refund_line_ordinal,
    line_item_id,
    {{ instant('refunded_at') }} as refunded_at,
    {{ whole('quantity') }} as quantity,
    {{ money('subtotal_amount') }} as subtotal_amount,
    {{ money('tax_amount') }} as tax_amount,
    restock_type,
    {{ instant('extracted_at') }} as extracted_at
from refund_lines
