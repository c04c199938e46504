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
    },
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': ['fct_orders'],
        'where': "fresh.channel = 'shopify'"
    },
    {
        'by': ['store_id', 'date'],
        'rebuilt_in': ['int_shopify__sessions_daily', 'int_exchange_rates']
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {'columns': ['store_id', 'storefront', 'date'], 'unique': true},
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

shop_orders as (
    select * from {{ ref('fct_orders') }}
    where
        channel = 'shopify'
        and is_sale
        and {{ is_touched }}
),

shop_sessions as (
    select * from {{ ref('int_shopify__sessions_daily') }}
    where {{ is_touched }}
),

stores as (
    select * from {{ ref('int_stores') }}
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
),

of_amazon as (
    select
        days.store_id,
        days.marketplace_id as storefront,
        'amazon' as channel,
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
        cast(null as bigint) as shop_orders,
        cast(null as bigint) as shop_cancelled_orders,
        cast(null as bigint) as shop_units,
        cast(null as numeric(18, 4)) as shop_gross_sales,
        cast(null as numeric(18, 4)) as shop_discounts,
        cast(null as numeric(18, 4)) as shop_revenue,
        cast(null as numeric(18, 4)) as shop_aov,
        cast(null as bigint) as shop_sessions,
        cast(null as numeric(12, 4)) as shop_order_session_pct,
        {{ is_final(
            'days.date', "coalesce(marketplaces.time_zone, 'UTC')", var('sales_traffic_final_days')
        ) }} as is_final,
        {{ money('sales_traffic_days.restated_delta') }} as restated_delta,
        {{ whole('sales_traffic_days.restated_delta_units') }} as restated_delta_units,
        {{ whole('sales_traffic_days.restated_delta_sessions') }}
            as restated_delta_sessions,
        sales_traffic_days.first_seen_at,
        greatest(sold.extracted_at, orders.extracted_at, ads.extracted_at) as extracted_at
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
),

shop_order_days as (
    select
        store_id,
        date,
        max(currency_code) as currency_code,
        max(tax_basis) as tax_basis,
        count(*) as orders,
        count(case when is_cancelled then 1 end) as cancelled_orders,
        sum(units) as units,
        sum(product_amount) as gross_sales,
        sum(product_discount_amount) as discounts,
        max(extracted_at) as extracted_at
    from shop_orders
    group by store_id, date
),

shop_days as (
    select
        coalesce(orders.store_id, shop_sessions.store_id) as store_id,
        coalesce(orders.date, shop_sessions.date) as date,
        orders.currency_code,
        orders.tax_basis,
        orders.orders,
        orders.cancelled_orders,
        orders.units,
        orders.gross_sales,
        orders.discounts,
        orders.gross_sales - orders.discounts as revenue,
        shop_sessions.sessions,
        orders.extracted_at
    from shop_order_days as orders
    full outer join shop_sessions
        on
            orders.store_id = shop_sessions.store_id
            and orders.date = shop_sessions.date
),

of_shop as (
    select
        shop_days.store_id,
        'shopify' as storefront,
        'shopify' as channel,
        cast(null as text) as marketplace_id,
        stores.shop_country_code as country_code,
        shop_days.date,
        case when stores.shop_time_zone is null then 'utc' else 'shop' end as day_basis,
        coalesce(stores.shop_time_zone, 'UTC') as time_zone,
        coalesce(shop_days.currency_code, stores.shop_currency_code) as currency_code,
        shop_days.tax_basis,
        shop_days.orders as shop_orders,
        shop_days.cancelled_orders as shop_cancelled_orders,
        {{ whole('shop_days.units') }} as shop_units,
        {{ money('shop_days.gross_sales') }} as shop_gross_sales,
        {{ money('shop_days.discounts') }} as shop_discounts,
        {{ money('shop_days.revenue') }} as shop_revenue,
        {{ money('shop_days.revenue / nullif(shop_days.orders, 0)') }} as shop_aov,
        {{ whole('shop_days.sessions') }} as shop_sessions,
        {{ percent('shop_days.orders', 'shop_days.sessions') }} as shop_order_session_pct,
        shop_days.extracted_at
    from shop_days
    left join stores on shop_days.store_id = stores.store_id
),

storefronts as (
    select * from of_amazon
    union all
    select
        store_id,
        storefront,
        channel,
        marketplace_id,
        country_code,
        date,
        day_basis,
        time_zone,
        currency_code,
        tax_basis,
        null as sales_source,
        null as ordered_product_sales,
        null as units_ordered,
        null as order_items,
        null as units_refunded,
        null as sessions,
        null as page_views,
        null as unit_session_pct,
        null as buy_box_page_views,
        null as buy_box_pct,
        null as orders,
        null as cancelled_orders,
        null as pending_orders,
        null as replacement_orders,
        null as aov,
        null as ad_spend,
        null as ad_products_covered,
        null as tacos,
        shop_orders,
        shop_cancelled_orders,
        shop_units,
        shop_gross_sales,
        shop_discounts,
        shop_revenue,
        shop_aov,
        shop_sessions,
        shop_order_session_pct,
        null as is_final,
        null as restated_delta,
        null as restated_delta_units,
        null as restated_delta_sessions,
        null as first_seen_at,
        extracted_at
    from of_shop
)

select
    storefronts.store_id,
    storefronts.storefront,
    storefronts.channel,
    storefronts.marketplace_id,
    storefronts.country_code,
    storefronts.date,
    storefronts.day_basis,
    storefronts.time_zone,
    storefronts.currency_code,
    storefronts.tax_basis,
    storefronts.sales_source,
    {{ money('storefronts.ordered_product_sales') }} as ordered_product_sales,
    storefronts.units_ordered,
    storefronts.order_items,
    storefronts.units_refunded,
    storefronts.sessions,
    storefronts.page_views,
    cast(storefronts.unit_session_pct as numeric(12, 4)) as unit_session_pct,
    {{ money('storefronts.buy_box_page_views') }} as buy_box_page_views,
    cast(storefronts.buy_box_pct as numeric(12, 4)) as buy_box_pct,
    storefronts.orders,
    storefronts.cancelled_orders,
    storefronts.pending_orders,
    storefronts.replacement_orders,
    {{ money('storefronts.aov') }} as aov,
    {{ money('storefronts.ad_spend') }} as ad_spend,
    storefronts.ad_products_covered,
    cast(storefronts.tacos as numeric(18, 6)) as tacos,
    storefronts.shop_orders,
    storefronts.shop_cancelled_orders,
    storefronts.shop_units,
    {{ money('storefronts.shop_gross_sales') }} as shop_gross_sales,
    {{ money('storefronts.shop_discounts') }} as shop_discounts,
    {{ money('storefronts.shop_revenue') }} as shop_revenue,
    {{ money('storefronts.shop_aov') }} as shop_aov,
    storefronts.shop_sessions,
    cast(storefronts.shop_order_session_pct as numeric(12, 4)) as shop_order_session_pct,
    storefronts.is_final,
    {{ money('storefronts.restated_delta') }} as restated_delta,
    storefronts.restated_delta_units,
    storefronts.restated_delta_sessions,
    storefronts.first_seen_at,
    storefronts.extracted_at,
    exchange_rates.reporting_currency_code,
    exchange_rates.fx_rate,
    exchange_rates.fx_rate_date,
    {{ in_reporting('storefronts.ordered_product_sales') }} as ordered_product_sales_reporting,
    {{ in_reporting('storefronts.ad_spend') }} as ad_spend_reporting,
    {{ in_reporting('storefronts.shop_revenue') }} as shop_revenue_reporting,
    {{ built_at() }} as built_at
from storefronts
{{ exchange_rates('storefronts') }}
