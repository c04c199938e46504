{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with transactions as (
    {{ typed_source('shopify', 'transactions') }}
)

select
    store_id,
    {{ shopify_id(json_text('"order"', 'id')) }} as order_id,
    {{ shopify_id('id') }} as transaction_id,
    kind,
    status,
    gateway,
    {{ shop_money('amount_set') }} as amount,
    {{ json_text('amount_set', 'shopMoney', 'currencyCode') }} as currency_code,
    coalesce(processed_at, created_at) as processed_at,
    extracted_at
from transactions
