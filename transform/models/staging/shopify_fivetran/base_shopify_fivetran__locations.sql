{{ config(enabled=var('shopify_source') == 'fivetran') }}

with locations as (
    {{ typed_source('shopify_fivetran', 'location') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as location_id,
    name,
    coalesce(is_active, active) as is_active,
    is_fulfillment_service,
    _fivetran_synced as extracted_at
from locations
where not coalesce(_fivetran_deleted, false)
