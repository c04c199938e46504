{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with items as (
    {{ typed_source('shopify', 'inventory_items') }}
)

select
    store_id,
    {{ shopify_id('id') }} as inventory_item_id,
    sku,
    {{ json_number('unit_cost', 'amount') }} as unit_cost_amount,
    {{ json_text('unit_cost', 'currencyCode') }} as unit_cost_currency_code,
    tracked as is_tracked,
    extracted_at
from items
