{{ config(enabled=var('shopify_source') == 'fivetran') }}

with transactions as (
    {{ typed_source('shopify_fivetran', 'transaction') }}
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
    _fivetran_synced as extracted_at
from transactions
