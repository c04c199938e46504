{{ config(enabled=var('shopify_source') == 'airbyte') }}

with items as (
    {{ typed_source('shopify_airbyte', 'inventory_items') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    id as inventory_item_id,
    sku,
    cost as unit_cost_amount,
    currency_code as unit_cost_currency_code,
    tracked as is_tracked,
    _airbyte_extracted_at as extracted_at
from items
