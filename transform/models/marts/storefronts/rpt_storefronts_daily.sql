{%- set touched = [
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': [
            'stg_amazon_sp__report_days',
            'stg_amazon_ads__report_days',
            'int_amazon_sp__orders_daily'
        ],
        'final': {'is_final': var('sales_traffic_final_days')}
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {'columns': ['store_id', 'marketplace_id', 'date'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with sales_traffic as (
    select * from {{ ref('fct_sales_traffic_daily') }}
    where {{ is_touched }}
),

first_values as (
    select * from {{ ref('int_amazon_sp__sales_traffic_first_values') }}
),

orders as (
    select * from {{ ref('int_amazon_sp__orders_daily') }}
    where {{ is_touched }}
),

ads as (
    select * from {{ ref('int_amazon_ads__spend_by_marketplace') }}
    where {{ is_touched }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

sales_traffic_days as (
    select
        sales_traffic.store_id,
        sales_traffic.marketplace_id,
        sales_traffic.date,
        max(sales_traffic.currency_code) as currency_code,
        sum(sales_traffic.ordered_product_sales) as ordered_product_sales,
        sum(sales_traffic.units_ordered) as units_ordered,
        sum(sales_traffic.order_items) as order_items,
        sum(sales_traffic.units_refunded) as units_refunded,
        sum(sales_traffic.sessions) as sessions,
        sum(sales_traffic.page_views) as page_views,
        sum(sales_traffic.buy_box_page_views) as buy_box_page_views,
        -- page views of which no Buy Box share is known weigh nothing
        sum(
            case
                when sales_traffic.buy_box_page_views is not null then sales_traffic.page_views
            end
        ) as buy_box_weight,
        sum(sales_traffic.ordered_product_sales - first_values.ordered_product_sales)
            as restated_delta,
        sum(sales_traffic.units_ordered - first_values.units_ordered) as restated_delta_units,
        sum(sales_traffic.sessions - first_values.sessions) as restated_delta_sessions,
        min(first_values.first_seen_at) as first_seen_at,
        max(sales_traffic.extracted_at) as extracted_at
    from sales_traffic
    left join first_values
        on
            sales_traffic.store_id = first_values.store_id
            and sales_traffic.selling_partner_id = first_values.selling_partner_id
            and sales_traffic.marketplace_id = first_values.marketplace_id
            and sales_traffic.date = first_values.date
    group by sales_traffic.store_id, sales_traffic.marketplace_id, sales_traffic.date
),

days as (
    select
        store_id,
        marketplace_id,
        date
    from sales_traffic_days
    union
    select
        store_id,
        marketplace_id,
        date
    from orders
    where is_covered
    union
    select
        store_id,
        marketplace_id,
        date
    from ads
)

select
    days.store_id,
    days.marketplace_id,
    marketplaces.country_code,
    days.date,
    'marketplace' as day_basis,
    coalesce(marketplaces.time_zone, 'UTC') as time_zone,
    coalesce(sales_traffic_days.currency_code, marketplaces.currency_code) as currency_code,
    {{ tax_basis('marketplaces.prices_include_tax') }} as tax_basis,
    {{ money('sales_traffic_days.ordered_product_sales') }} as ordered_product_sales,
    {{ whole('sales_traffic_days.units_ordered') }} as units_ordered,
    {{ whole('sales_traffic_days.order_items') }} as order_items,
    {{ whole('sales_traffic_days.units_refunded') }} as units_refunded,
    {{ whole('sales_traffic_days.sessions') }} as sessions,
    {{ whole('sales_traffic_days.page_views') }} as page_views,
    {{ percent('sales_traffic_days.units_ordered', 'sales_traffic_days.sessions') }}
        as unit_session_pct,
    cast(sales_traffic_days.buy_box_page_views as numeric(18, 4)) as buy_box_page_views,
    {{ percent('sales_traffic_days.buy_box_page_views', 'sales_traffic_days.buy_box_weight') }}
        as buy_box_pct,
    orders.orders,
    orders.cancelled_orders,
    orders.pending_orders,
    orders.replacement_orders,
    {{ money('sales_traffic_days.ordered_product_sales / nullif(orders.orders, 0)') }} as aov,
    {{ money('ads.spend') }} as ad_spend,
    ads.ad_products_covered,
    {{ ratio('ads.spend', 'sales_traffic_days.ordered_product_sales') }} as tacos,
    {{ is_final(
        'days.date', "coalesce(marketplaces.time_zone, 'UTC')", var('sales_traffic_final_days')
    ) }} as is_final,
    {{ money('sales_traffic_days.restated_delta') }} as restated_delta,
    {{ whole('sales_traffic_days.restated_delta_units') }} as restated_delta_units,
    {{ whole('sales_traffic_days.restated_delta_sessions') }}
        as restated_delta_sessions,
    sales_traffic_days.first_seen_at,
    greatest(sales_traffic_days.extracted_at, orders.extracted_at, ads.extracted_at)
        as extracted_at,
    {{ built_at() }} as built_at
from days
left join sales_traffic_days
    on
        days.store_id = sales_traffic_days.store_id
        and days.marketplace_id = sales_traffic_days.marketplace_id
        and days.date = sales_traffic_days.date
left join orders
    on
        days.store_id = orders.store_id
        and days.marketplace_id = orders.marketplace_id
        and days.date = orders.date
left join marketplaces on days.marketplace_id = marketplaces.marketplace_id
left join ads
    on
        days.store_id = ads.store_id
        and days.marketplace_id = ads.marketplace_id
        and days.date = ads.date
        -- spend in another currency is never set against these sales
        and ads.currency_code
        = coalesce(sales_traffic_days.currency_code, marketplaces.currency_code)
