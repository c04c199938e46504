{{ config(enabled=var('shopify_source') == 'fivetran') }}

with lines as (
    {{ typed_source('shopify_fivetran', 'order_line_refund') }}
),

refunds as (
    {{ typed_source('shopify_fivetran', 'refund') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    refunds.order_id,
    lines.refund_id,
    row_number() over (partition by lines.refund_id order by lines.id) as refund_line_ordinal,
    lines.order_line_id as line_item_id,
    refunds.created_at as refunded_at,
    lines.quantity,
    lines.subtotal as subtotal_amount,
    lines.total_tax as tax_amount,
    upper(lines.restock_type) as restock_type,
    lines._fivetran_synced as extracted_at
from lines
inner join refunds on lines.refund_id = refunds.id
