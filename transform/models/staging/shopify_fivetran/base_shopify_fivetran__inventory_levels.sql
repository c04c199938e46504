{{ config(enabled=var('shopify_source') == 'fivetran') }}

with levels as (
    {{ typed_source('shopify_fivetran', 'inventory_level') }}
),

quantities as (
    select
        inventory_level_id,
        inventory_item_id,
        max(case when name = 'on_hand' then quantity end) as on_hand,
        max(case when name = 'available' then quantity end) as available,
        max(case when name = 'committed' then quantity end) as committed,
        max(case when name = 'incoming' then quantity end) as incoming
    from ({{ typed_source('shopify_fivetran', 'inventory_quantity') }}) as inventory_quantities
    group by inventory_level_id, inventory_item_id
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    levels.inventory_item_id,
    levels.location_id,
    quantities.on_hand,
    coalesce(quantities.available, levels.available) as available,
    quantities.committed,
    quantities.incoming,
    levels.updated_at,
    levels._fivetran_synced as extracted_at
from levels
-- an id of a level is unique within an item only
left join quantities
    on
        levels.id = quantities.inventory_level_id
        and levels.inventory_item_id = quantities.inventory_item_id
