with orders as (
    select * from {{ shopify_base('orders') }}
)

select
    store_id,
    order_id,
    order_name,
    {{ instant('created_at') }} as created_at,
    {{ instant('processed_at') }} as processed_at,
    {{ instant('updated_at') }} as updated_at,
    {{ instant('cancelled_at') }} as cancelled_at,
    cancel_reason,
    cast(is_test as boolean) as is_test,
    source_name,
    source_identifier,
    app_name,
    financial_status,
    fulfillment_status,
    currency_code,
    presentment_currency_code,
    cast(taxes_included as boolean) as taxes_included,
    {{ money('subtotal_amount') }} as subtotal_amount,
    {{ money('discount_amount') }} as discount_amount,
    {{ money('shipping_amount') }} as shipping_amount,
    {{ money('tax_amount') }} as tax_amount,
    {{ money('total_amount') }} as total_amount,
    last_visit_source,
    last_visit_medium,
    last_visit_campaign,
    last_visit_content,
    last_visit_term,
    {{ instant('extracted_at') }} as extracted_at
from orders
