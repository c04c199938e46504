{{ config(enabled=var('shopify_source') == 'airbyte') }}

with transactions as (
    {{ typed_source('shopify_airbyte', 'transactions') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    order_id,
    id as transaction_id,
    upper(kind) as kind,
    upper(status) as status,
    gateway,
    amount,
    currency as currency_code,
    coalesce(processed_at, created_at) as processed_at,
    _airbyte_extracted_at as extracted_at
from transactions
