{{ config(enabled=var('shopify_source') == 'fivetran') }}

with refunds as (
    {{ typed_source('shopify_fivetran', 'refund') }}
),

lines as (
    {{ typed_source('shopify_fivetran', 'order_line_refund') }}
),

adjustments as (
    {{ typed_source('shopify_fivetran', 'order_adjustment') }}
),

parts as (
    select
        refund_id,
        coalesce(subtotal, 0) + coalesce(total_tax, 0) as amount
    from lines
    union all
    select
        refund_id,
        -coalesce(amount, 0) - coalesce(tax_amount, 0) as amount
    from adjustments
),

totals as (
    select
        refund_id,
        sum(amount) as amount
    from parts
    group by refund_id
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    refunds.order_id,
    refunds.id as refund_id,
    refunds.created_at as refunded_at,
    coalesce(totals.amount, 0) as total_amount,
    refunds._fivetran_synced as extracted_at
from refunds
left join totals on refunds.id = totals.refund_id
