{{ config(enabled=var('shopify_source') == 'airbyte') }}

with levels as (
    {{ typed_source('shopify_airbyte', 'inventory_levels') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    inventory_item_id,
    location_id,
    {{ json_number_where('quantities', 'name', "'on_hand'", 'quantity') }} as on_hand,
    coalesce(
        available, {{ json_number_where('quantities', 'name', "'available'", 'quantity') }}
    ) as available,
    {{ json_number_where('quantities', 'name', "'committed'", 'quantity') }} as committed,
    {{ json_number_where('quantities', 'name', "'incoming'", 'quantity') }} as incoming,
    updated_at,
    _airbyte_extracted_at as extracted_at
from levels
