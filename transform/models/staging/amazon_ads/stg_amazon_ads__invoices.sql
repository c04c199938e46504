with invoices as (
    {{ typed_source('amazon_ads', 'invoices') }}
)

select
    store_id,
    profile_id,
    invoice_id,
    marketplace_id,
    currency_code,
    invoice_date,
    from_date,
    to_date,
    due_date,
    upper(status) as status,
    amount_due_amount,
    tax_amount_due_amount,
    remaining_amount_due_amount,
    report_id,
    extracted_at
from invoices
