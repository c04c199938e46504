{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'selling_partner_id', 'transaction_id'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'transaction_id'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with transactions as (
    select * from {{ ref('base_amazon_sp__financial_transactions') }}
)

select
    transactions.store_id,
    transactions.selling_partner_id,
    transactions.region,
    transactions.transaction_id,
    transactions.transaction_type,
    transactions.transaction_status,
    transactions.description,
    transactions.posted_date as posted_at,
    transactions.total_amount,
    transactions.total_currency_code as currency_code,
    transactions.marketplace_id,
    coalesce(lower(transactions.marketplace_name) like 'non-amazon%', false) as is_multi_channel,
    transactions.account_type,
    transactions.account_marketplace_id,
    transactions.order_id,
    transactions.shipment_id,
    transactions.financial_event_group_id as event_group_id,
    transactions.settlement_id,
    transactions.deferred_transaction_id,
    transactions.release_transaction_id,
    transactions.deferral_reason,
    transactions.maturity_date as matures_at,
    transactions.report_id,
    transactions.extracted_at,
    {{ built_at() }} as built_at
from transactions
{% if is_incremental() %}
    left join {{ this }} as known
        on
            transactions.store_id = known.store_id
            and transactions.selling_partner_id = known.selling_partner_id
            and transactions.transaction_id = known.transaction_id
    where transactions.extracted_at is distinct from known.extracted_at
{% endif %}
