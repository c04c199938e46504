with inventory_items as (
    select * from {{ shopify_base('inventory_items') }}
)

select
    store_id,
    inventory_item_id,
    nullif(trim(sku), '') as sku,
    {{ money('unit_cost_amount') }} as unit_cost_amount,
    unit_cost_currency_code,
    cast(is_tracked as boolean) as is_tracked,
    {{ instant('extracted_at') }} as extracted_at
from inventory_items
