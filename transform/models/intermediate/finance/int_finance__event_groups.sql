{{ config(materialized='table') }}

with event_groups as (
    select * from {{ ref('stg_amazon_sp__financial_event_groups') }}
)

select
    store_id,
    selling_partner_id,
    region,
    financial_event_group_id as event_group_id,
    processing_status = 'Closed' as is_closed,
    fund_transfer_status,
    trace_id,
    account_tail,
    original_total_amount as original_total,
    original_total_currency_code as original_currency_code,
    converted_total_amount as converted_total,
    converted_total_currency_code as converted_currency_code,
    beginning_balance_amount as beginning_balance,
    fund_transfer_date as transferred_at,
    financial_event_group_start as starts_at,
    financial_event_group_end as ends_at
from event_groups
