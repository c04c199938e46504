{{ config(enabled=var('shopify_source') == 'fivetran') }}

with shops as (
    {{ typed_source('shopify_fivetran', 'shop') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as shop_id,
    myshopify_domain as shop_domain,
    name as shop_name,
    currency as currency_code,
    iana_timezone as time_zone,
    country_code,
    _fivetran_synced as extracted_at
from shops
