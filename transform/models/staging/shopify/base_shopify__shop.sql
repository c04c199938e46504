{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with shops as (
    {{ typed_source('shopify', 'shops') }}
)

select
    store_id,
    {{ shopify_id('shop_id') }} as shop_id,
    myshopify_domain as shop_domain,
    name as shop_name,
    currency_code,
    iana_time_zone as time_zone,
    country_code,
    extracted_at
from shops
