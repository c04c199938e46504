{{ config(enabled=var('shopify_source') == 'airbyte') }}

with shops as (
    {{ typed_source('shopify_airbyte', 'shop') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as shop_id,
    myshopify_domain as shop_domain,
    name as shop_name,
    currency as currency_code,
    iana_timezone as time_zone,
    country_code,
    _airbyte_extracted_at as extracted_at
from shops
