{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with locations as (
    {{ typed_source('shopify', 'locations') }}
)

select
    store_id,
    {{ shopify_id('id') }} as location_id,
    name,
    is_active,
    is_fulfillment_service,
    extracted_at
from locations
