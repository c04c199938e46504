with inventory_levels as (
    select * from {{ shopify_base('inventory_levels') }}
)

select
    store_id,
    inventory_item_id,
    location_id,
    {{ whole('on_hand') }} as on_hand,
    {{ whole('available') }} as available,
    {{ whole('committed') }} as committed,
    {{ whole('incoming') }} as incoming,
    {{ instant('updated_at') }} as updated_at,
    {{ instant('extracted_at') }} as extracted_at
from inventory_levels
