with locations as (
    select * from {{ shopify_base('locations') }}
)

select
    store_id,
    location_id,
    name,
    cast(is_active as boolean) as is_active,
    cast(is_fulfillment_service as boolean) as is_fulfillment_service,
    {{ instant('extracted_at') }} as extracted_at
from locations
