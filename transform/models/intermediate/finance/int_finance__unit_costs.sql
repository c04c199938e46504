with product_costs as (
    select * from {{ ref('product_costs') }}
),

followed as (
    select
        *,
        lead(valid_from) over (partition by store_id, seller_sku order by valid_from) as next_from
    from product_costs
)

select
    store_id,
    seller_sku,
    valid_from,
    {{ next_day('next_from', -1) }} as valid_until,
    unit_cost,
    currency_code,
    'seed' as cost_source
from followed
