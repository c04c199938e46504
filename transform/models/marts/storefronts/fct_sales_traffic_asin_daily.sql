{%- set touched = [
    {
        'by': ['store_id', 'selling_partner_id', 'date'],
        'rebuilt_in': ['stg_amazon_sp__report_days'],
        'where': "fresh.stream = 'sales_traffic_by_asin'",
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
            {
                'columns': ['store_id', 'selling_partner_id', 'date', 'marketplace_id', 'asin'],
                'unique': true
            },
            {'columns': ['built_at']},
            {'columns': ['is_final', 'date']}
        ]
    )
}}

with sales_traffic as (
    select * from {{ ref('stg_amazon_sp__sales_traffic_by_asin') }}
    where
        -- a parent's row tells its page, whose visitors its children's rows tell again
        not coalesce(is_parent, false)
        and {{ is_touched }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
)

select
    sales_traffic.store_id,
    sales_traffic.selling_partner_id,
    sales_traffic.marketplace_id,
    sales_traffic.date,
    sales_traffic.child_asin as asin,
    sales_traffic.parent_asin,
    coalesce(sales_traffic.day_basis, 'marketplace') as day_basis,
    coalesce(marketplaces.time_zone, 'UTC') as time_zone,
    coalesce(sales_traffic.ordered_product_sales_currency_code, marketplaces.currency_code)
        as currency_code,
    {{ tax_basis('marketplaces.prices_include_tax') }} as tax_basis,
    {{ money('sales_traffic.ordered_product_sales_amount') }} as ordered_product_sales,
    sales_traffic.units_ordered,
    sales_traffic.total_order_items as order_items,
    {{ money('sales_traffic.shipped_product_sales_amount') }} as shipped_product_sales,
    sales_traffic.units_shipped,
    sales_traffic.orders_shipped,
    sales_traffic.units_refunded,
    sales_traffic.sessions,
    sales_traffic.browser_sessions,
    sales_traffic.mobile_app_sessions,
    sales_traffic.page_views,
    sales_traffic.browser_page_views,
    sales_traffic.mobile_app_page_views,
    cast(sales_traffic.buy_box_percentage * sales_traffic.page_views / 100 as numeric(18, 4))
        as buy_box_page_views,
    cast(sales_traffic.buy_box_percentage as numeric(12, 4)) as buy_box_pct,
    {{ percent('sales_traffic.units_ordered', 'sales_traffic.sessions') }} as unit_session_pct,
    {{ money('sales_traffic.ordered_product_sales_b2b_amount') }} as ordered_product_sales_b2b,
    sales_traffic.units_ordered_b2b,
    sales_traffic.total_order_items_b2b as order_items_b2b,
    sales_traffic.sessions_b2b,
    sales_traffic.page_views_b2b,
    coalesce(sales_traffic.is_provisional, false) as is_provisional,
    {{ is_final(
        'sales_traffic.date', "coalesce(marketplaces.time_zone, 'UTC')",
        var('sales_traffic_final_days')
    ) }} as is_final,
    sales_traffic.report_id,
    sales_traffic.extracted_at,
    {{ built_at() }} as built_at
from sales_traffic
left join marketplaces on sales_traffic.marketplace_id = marketplaces.marketplace_id
