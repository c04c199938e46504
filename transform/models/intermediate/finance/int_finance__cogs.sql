{{ config(materialized='table') }}

with sku_days as (
    select * from {{ ref('int_finance__amazon_sku_daily') }}
    where
        seller_sku is not null
        and units_sold <> 0
),

returns as (
    select * from {{ ref('stg_amazon_sp__fba_returns') }}
    where upper(detailed_disposition) = 'SELLABLE'
),

-- A return belongs to the sale of its order and SKU: its marketplace, its currency, its day's cost.
sales as (
    select
        store_id,
        selling_partner_id,
        order_id,
        seller_sku,
        min(marketplace_id) as marketplace_id,
        min(currency_code) as currency_code,
        min(time_zone) as time_zone,
        min(event_date) as sold_on
    from {{ ref('fct_financial_lines') }}
    where
        class = 'product_sales'
        and order_id is not null
        and seller_sku is not null
    group by store_id, selling_partner_id, order_id, seller_sku
),

unit_costs as (
    select * from {{ ref('int_finance__unit_costs') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

moves as (
    select
        store_id,
        marketplace_id,
        date,
        currency_code,
        seller_sku,
        date as cost_date,
        units_sold as units
    from sku_days
    union all
    select
        sales.store_id,
        sales.marketplace_id,
        {{ local_date('returns.return_date', 'sales.time_zone') }} as date,
        sales.currency_code,
        sales.seller_sku,
        sales.sold_on as cost_date,
        -returns.quantity as units
    from returns
    inner join sales
        on
            returns.store_id = sales.store_id
            and returns.selling_partner_id = sales.selling_partner_id
            and returns.order_id = sales.order_id
            and returns.sku = sales.seller_sku
),

costed as (
    select
        moves.*,
        unit_costs.cost_source,
        case
            when unit_costs.currency_code = moves.currency_code then unit_costs.unit_cost
            else unit_costs.unit_cost * cost_rates.fx_rate / sale_rates.fx_rate
        end as unit_cost
    from moves
    left join unit_costs
        on
            moves.store_id = unit_costs.store_id
            and moves.seller_sku = unit_costs.seller_sku
            and (
                unit_costs.marketplace_id is null
                or moves.marketplace_id = unit_costs.marketplace_id
            )
            and (unit_costs.valid_from is null or moves.cost_date >= unit_costs.valid_from)
            and (unit_costs.valid_until is null or moves.cost_date <= unit_costs.valid_until)
    left join rates as cost_rates
        on
            moves.store_id = cost_rates.store_id
            and unit_costs.currency_code = cost_rates.currency_code
            and moves.cost_date = cost_rates.date
    left join rates as sale_rates
        on
            moves.store_id = sale_rates.store_id
            and moves.currency_code = sale_rates.currency_code
            and moves.cost_date = sale_rates.date
)

select
    store_id,
    marketplace_id,
    date,
    currency_code,
    seller_sku,
    -- units that came back fit to be sold count against those sold
    sum(units) as units,
    coalesce(sum(-units) filter (where units < 0), 0) as units_returned_sellable,
    coalesce(sum(abs(units)) filter (where unit_cost is null), 0) as units_without_cost,
    {{ money('-sum(units * unit_cost)') }} as cogs,
    min(cost_source) as cost_source
from costed
group by store_id, marketplace_id, date, currency_code, seller_sku
