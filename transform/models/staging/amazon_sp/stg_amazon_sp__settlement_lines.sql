with settlement_lines as (
    select * from {{ ref('base_amazon_sp__settlement_lines') }}
)

select
    store_id,
    selling_partner_id,
    settlement_id,
    line_no,
    nullif(transaction_type, '') as transaction_type,
    nullif(order_id, '') as order_id,
    nullif(marketplace_name, '') as marketplace_name,
    nullif(amount_type, '') as amount_type,
    nullif(amount_description, '') as amount_description,
    currency as currency_code,
    amount,
    coalesce(posted_date_time, {{ midnight('posted_date') }}, settlement_end_date) as posted_at,
    nullif(order_item_code, '') as order_item_id,
    nullif(sku, '') as seller_sku,
    quantity_purchased as quantity,
    report_id,
    extracted_at
from settlement_lines
