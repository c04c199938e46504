{{ config(enabled=var('shopify_source') == 'airbyte') }}

with locations as (
    {{ typed_source('shopify_airbyte', 'locations') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as location_id,
    name,
    active as is_active,
    null as is_fulfillment_service,
    _airbyte_extracted_at as extracted_at
from locations
