with lines as (
    {{ typed_source('amazon_ads', 'invoice_lines') }}
),

invoices as (
    select * from {{ ref('stg_amazon_ads__invoices') }}
)

-- what the newest version of the invoice no longer has is gone
select lines.*
from lines
inner join invoices
    on
        lines.store_id = invoices.store_id
        and lines.profile_id = invoices.profile_id
        and lines.invoice_id = invoices.invoice_id
        and lines.report_id = invoices.report_id
