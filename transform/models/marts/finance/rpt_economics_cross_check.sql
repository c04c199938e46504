{{ config(materialized='table') }}

with economics as (
    select
        *,
        -- the seller's own costs are no business of the ledger's
        net_units_sold * (
            coalesce(cost_of_goods_sold_amount, 0)
            + coalesce(miscellaneous_cost_amount, 0)
            + coalesce(shipping_to_amazon_cost_amount, 0)
            + coalesce(fulfillment_cost_amount, 0)
            + coalesce(storage_cost_amount, 0)
        ) as entered_costs
    from {{ ref('stg_amazon_sp__economics') }}
),

margins as (
    select * from {{ ref('rpt_product_margins_daily') }}
    where
        channel = 'amazon'
        and allocation = 'sku'
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

-- Days that both tell.
spans as (
    select
        store_id,
        marketplace_id,
        greatest(min(first_day), max(first_day)) as first_day,
        least(min(last_day), max(last_day)) as last_day
    from (
        select
            store_id,
            marketplace_id,
            min(date) as first_day,
            max(date) as last_day
        from economics
        group by store_id, marketplace_id
        union all
        select
            store_id,
            marketplace_id,
            min(date) as first_day,
            max(date) as last_day
        from margins
        group by store_id, marketplace_id
    ) as told
    group by store_id, marketplace_id
    having count(*) = 2
),

both_sides as (
    select
        economics.store_id,
        economics.marketplace_id,
        economics.date,
        economics.msku as seller_sku,
        economics.ordered_product_sales_currency_code as currency_code,
        economics.units_ordered as economics_units,
        economics.net_product_sales_amount as economics_net_sales,
        economics.total_amount + economics.entered_costs as economics_net_proceeds,
        0 as ledger_units,
        0 as ledger_net_sales,
        0 as ledger_net_proceeds
    from economics
    union all
    select
        store_id,
        marketplace_id,
        date,
        seller_sku,
        currency_code,
        0 as economics_units,
        0 as economics_net_sales,
        0 as economics_net_proceeds,
        units_sold as ledger_units,
        net_sales_with_tax as ledger_net_sales,
        net_sales_with_tax + amazon_fees - multi_channel_fees + ad_spend as ledger_net_proceeds
    from margins
)

select
    both_sides.store_id,
    both_sides.marketplace_id,
    marketplaces.country_code,
    {{ month_of('both_sides.date') }} as month,
    both_sides.seller_sku,
    both_sides.currency_code,
    min(both_sides.date) as first_day,
    max(both_sides.date) as last_day,
    {{ whole('sum(both_sides.economics_units)') }} as economics_units,
    {{ whole('sum(both_sides.ledger_units)') }} as ledger_units,
    {{ money('sum(both_sides.economics_net_sales)') }} as economics_net_sales,
    {{ money('sum(both_sides.ledger_net_sales)') }} as ledger_net_sales,
    {{ money('sum(both_sides.economics_net_proceeds)') }} as economics_net_proceeds,
    {{ money('sum(both_sides.ledger_net_proceeds)') }} as ledger_net_proceeds,
    {{ money('sum(both_sides.ledger_net_proceeds) - sum(both_sides.economics_net_proceeds)') }}
        as difference
from both_sides
inner join spans
    on
        both_sides.store_id = spans.store_id
        and both_sides.marketplace_id = spans.marketplace_id
        and both_sides.date between spans.first_day and spans.last_day
left join marketplaces on both_sides.marketplace_id = marketplaces.marketplace_id
group by
    both_sides.store_id,
    both_sides.marketplace_id,
    marketplaces.country_code,
    {{ month_of('both_sides.date') }},
    both_sides.seller_sku,
    both_sides.currency_code
