{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with levels as (
    {{ typed_source('shopify', 'inventory_levels') }}
)

select
    store_id,
    {{ shopify_id(json_text('item', 'id')) }} as inventory_item_id,
    {{ shopify_id(json_text('location', 'id')) }} as location_id,
    {{ json_number_where('quantities', 'name', "'on_hand'", 'quantity') }} as on_hand,
    {{ json_number_where('quantities', 'name', "'available'", 'quantity') }} as available,
    {{ json_number_where('quantities', 'name', "'committed'", 'quantity') }} as committed,
    {{ json_number_where('quantities', 'name', "'incoming'", 'quantity') }} as incoming,
    updated_at,
    extracted_at
from levels
