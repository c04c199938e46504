{{ config(enabled=var('shopify_source') == 'fivetran') }}

with items as (
    {{ typed_source('shopify_fivetran', 'inventory_item') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as inventory_item_id,
    sku,
    coalesce(unit_cost_amount, cost) as unit_cost_amount,
    unit_cost_currency_code,
    tracked as is_tracked,
    _fivetran_synced as extracted_at
from items
where not coalesce(_fivetran_deleted, false)
