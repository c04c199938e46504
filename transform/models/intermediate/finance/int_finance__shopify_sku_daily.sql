{{ config(materialized='table') }}

with entries as (
    select
        *,
        class in ('product_sales', 'promotion', 'product_sales_refund') as is_net_sales,
        class in ('shipping', 'shipping_promotion', 'shipping_refund') as is_other_sales,
        false as is_multi_channel,
        true as is_of_order,
        'settled' as status
    from {{ ref('int_finance__shopify_entries') }}
),

variants as (
    select * from {{ ref('stg_shopify__product_variants') }}
),

inventory_items as (
    select * from {{ ref('stg_shopify__inventory_items') }}
),

own_costs as (
    select * from {{ ref('int_finance__unit_costs') }}
    where cost_source = 'seed'
),

-- A cost in another currency than the shop's is not known.
costed as (
    select
        entries.*,
        coalesce(
            case when own_costs.currency_code = entries.currency_code then own_costs.unit_cost end,
            case
                when
                    coalesce(inventory_items.unit_cost_currency_code, entries.currency_code)
                    = entries.currency_code
                    then inventory_items.unit_cost_amount
            end
        ) as unit_cost
    from entries
    left join variants
        on
            entries.store_id = variants.store_id
            and entries.variant_id = variants.variant_id
    left join inventory_items
        on
            variants.store_id = inventory_items.store_id
            and variants.inventory_item_id = inventory_items.inventory_item_id
    left join own_costs
        on
            entries.store_id = own_costs.store_id
            and entries.seller_sku = own_costs.seller_sku
            and (own_costs.valid_from is null or entries.sold_on >= own_costs.valid_from)
            and (own_costs.valid_until is null or entries.sold_on <= own_costs.valid_until)
)

select
    store_id,
    date,
    currency_code,
    seller_sku,
    {%- for name, condition in ledger_sums().items() %}
        coalesce(sum(amount) filter (where {{ condition }}), 0) as {{ name }},
    {%- endfor %}
    coalesce(sum(net_amount) filter (where is_net_sales), 0) as known_net_sales,
    coalesce(sum(net_amount) filter (where is_other_sales), 0) as known_other_sales,
    count(*) filter (where is_net_sales and net_amount is null) as untaxed_net_sales,
    count(*) filter (where is_other_sales and net_amount is null) as untaxed_other_sales,
    coalesce(sum(quantity) filter (where class = 'product_sales'), 0) as units_sold,
    coalesce(sum(quantity) filter (where class = 'product_sales_refund'), 0) as units_refunded,
    count(*) as lines,
    0 as unsettled_lines,
    0 as released_amount,
    -sum(units_moved * unit_cost) as cogs,
    coalesce(sum(-units_moved) filter (where units_moved < 0), 0) as units_returned_sellable,
    coalesce(sum(abs(units_moved)) filter (where unit_cost is null), 0) as units_without_cost
from costed
group by store_id, date, currency_code, seller_sku
