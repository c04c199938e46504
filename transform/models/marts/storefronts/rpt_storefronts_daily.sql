{%- set touched = [
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': ['int_amazon_sp__orders_daily'],
        'final': {'is_final': var('sales_traffic_final_days')}
    },
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': ['stg_amazon_sp__report_days'],
        'where': "fresh.stream in ('sales_traffic_by_date', 'order_metrics_hourly')"
    },
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': ['stg_amazon_ads__report_days'],
        'where': "fresh.stream like '%_campaigns_daily'"
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

order_metrics as (
    select * from {{ ref('stg_amazon_sp__order_metrics_hourly') }}
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
        max(sales_traffic.extracted_at) as extracted_at,
        -- of a day under way it tells a part, and later than the hours do
        max({{ local_date('sales_traffic.extracted_at', 'sales_traffic.time_zone') }})
        > sales_traffic.date as is_whole
    from sales_traffic
    left join first_values
        on
            sales_traffic.store_id = first_values.store_id
            and sales_traffic.selling_partner_id = first_values.selling_partner_id
            and sales_traffic.marketplace_id = first_values.marketplace_id
            and sales_traffic.date = first_values.date
    group by sales_traffic.store_id, sales_traffic.marketplace_id, sales_traffic.date
),

hours as (
    select
        store_id,
        marketplace_id,
        date,
        max(total_sales_currency_code) as currency_code,
        sum(total_sales_amount) as sales,
        sum(unit_count) as units,
        sum(order_item_count) as order_items,
        max(extracted_at) as extracted_at
    from order_metrics
    group by store_id, marketplace_id, date
),

-- Sales and traffic once it has the day whole; until then the hours so far, where they were read.
sales as (
    select
        coalesce(sales_traffic_days.store_id, hours.store_id) as store_id,
        coalesce(sales_traffic_days.marketplace_id, hours.marketplace_id) as marketplace_id,
        coalesce(sales_traffic_days.date, hours.date) as date,
        case
            when coalesce(sales_traffic_days.is_whole, false) or hours.store_id is null
                then 'sales_traffic'
            else 'order_metrics'
        end as sales_source,
        sales_traffic_days.ordered_product_sales,
        sales_traffic_days.units_ordered,
        sales_traffic_days.order_items,
        sales_traffic_days.currency_code,
        hours.sales as hourly_sales,
        hours.units as hourly_units,
        hours.order_items as hourly_order_items,
        hours.currency_code as hourly_currency_code,
        greatest(sales_traffic_days.extracted_at, hours.extracted_at) as extracted_at
    from sales_traffic_days
    full outer join hours
        on
            sales_traffic_days.store_id = hours.store_id
            and sales_traffic_days.marketplace_id = hours.marketplace_id
            and sales_traffic_days.date = hours.date
),

sold as (
    select
        store_id,
        marketplace_id,
        date,
        sales_source,
        case sales_source when 'order_metrics' then hourly_sales else ordered_product_sales end
            as ordered_product_sales,
        case sales_source when 'order_metrics' then hourly_units else units_ordered end
            as units_ordered,
        case sales_source when 'order_metrics' then hourly_order_items else order_items end
            as order_items,
        coalesce(currency_code, hourly_currency_code) as currency_code,
        extracted_at
    from sales
),

days as (
    select
        store_id,
        marketplace_id,
        date
    from sold
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
    coalesce(sold.currency_code, marketplaces.currency_code) as currency_code,
    {{ tax_basis('marketplaces.prices_include_tax') }} as tax_basis,
    sold.sales_source,
    {{ money('sold.ordered_product_sales') }} as ordered_product_sales,
    {{ whole('sold.units_ordered') }} as units_ordered,
    {{ whole('sold.order_items') }} as order_items,
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
    {{ money('sold.ordered_product_sales / nullif(orders.orders, 0)') }} as aov,
    {{ money('ads.spend') }} as ad_spend,
    ads.ad_products_covered,
    {{ ratio('ads.spend', 'sold.ordered_product_sales') }} as tacos,
    {{ is_final(
        'days.date', "coalesce(marketplaces.time_zone, 'UTC')", var('sales_traffic_final_days')
    ) }} as is_final,
    {{ money('sales_traffic_days.restated_delta') }} as restated_delta,
    {{ whole('sales_traffic_days.restated_delta_units') }} as restated_delta_units,
    {{ whole('sales_traffic_days.restated_delta_sessions') }}
        as restated_delta_sessions,
    sales_traffic_days.first_seen_at,
    greatest(sold.extracted_at, orders.extracted_at, ads.extracted_at)
        as extracted_at,
    {{ built_at() }} as built_at
from days
left join sold
    on
        days.store_id = sold.store_id
        and days.marketplace_id = sold.marketplace_id
        and days.date = sold.date
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
        = coalesce(sold.currency_code, marketplaces.currency_code)
