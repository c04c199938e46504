"""Every question that a page asks the marts, with named parameters (see `Choice`)."""

from __future__ import annotations


def _whole(column: str) -> str:
    """The sum of a column where every row knows it: a part would pass for the whole."""
    return f"case when count({column}) = count(*) then sum({column}) end"


STORES = "select distinct store_id from marts.rpt_connection_status order by 1"

SPAN = """
    select min(date) as first, max(date) as last from marts.rpt_storefronts_daily
    where store_id = %(store)s
"""

COUNTRIES = """
    select distinct country_code, currency_code from marts.rpt_storefronts_daily
    where store_id = %(store)s and channel = 'amazon' and country_code is not null
    order by country_code
"""

_AMAZON_DAYS = """
    from marts.rpt_storefronts_daily
    where store_id = %(store)s and channel = 'amazon' and country_code = any(%(countries)s)
        and currency_code = %(currency)s and date between %(first)s and %(last)s
"""

STOREFRONT_TOTALS = f"""
    select sum(ordered_product_sales) as sales, sum(units_ordered) as units, sum(orders) as orders,
        sum(sessions) as sessions, sum(ad_spend) as ad_spend,
        sum(ordered_product_sales) filter (where orders is not null)
            / nullif(sum(orders) filter (where ordered_product_sales is not null), 0) as aov,
        100 * sum(units_ordered) filter (where sessions is not null)
            / nullif(sum(sessions), 0) as unit_session_pct,
        100 * sum(ad_spend) / nullif(sum(ordered_product_sales), 0) as tacos,
        100 * sum(buy_box_page_views) / nullif(
            sum(page_views) filter (where buy_box_page_views is not null), 0) as buy_box_pct
    {_AMAZON_DAYS}
"""

STOREFRONT_DAYS = f"""
    select date, sum(ordered_product_sales) as sales, sum(ad_spend) as ad_spend,
        sum(sessions) as sessions, sum(units_ordered) as units, sum(orders) as orders,
        100 * sum(units_ordered) filter (where sessions is not null)
            / nullif(sum(sessions), 0) as unit_session_pct,
        bool_and(is_final) as is_final
    {_AMAZON_DAYS}
    group by date order by date
"""

STOREFRONT_ROWS = f"""
    select country_code, date, ordered_product_sales, units_ordered, orders, sessions,
        unit_session_pct, buy_box_pct, aov, ad_spend, tacos, tax_basis, is_final
    {_AMAZON_DAYS}
    order by date desc, country_code
"""

SHOP_TOTALS = """
    select sum(shop_revenue) as sales, sum(shop_orders) as orders, sum(shop_units) as units,
        sum(shop_revenue) / nullif(sum(shop_orders), 0) as aov, min(currency_code) as currency_code
    from marts.rpt_storefronts_daily
    where store_id = %(store)s and channel = 'shopify' and date between %(first)s and %(last)s
"""

SHOP_DAYS = """
    select date, shop_revenue as sales, shop_orders as orders
    from marts.rpt_storefronts_daily
    where store_id = %(store)s and channel = 'shopify' and date between %(first)s and %(last)s
    order by date
"""

_CAMPAIGN_DAYS = """
    from marts.rpt_campaigns_amazon
    where store_id = %(store)s and country_code = any(%(countries)s)
        and currency_code = %(currency)s and date between %(first)s and %(last)s
"""

CAMPAIGN_TOTALS = f"""
    select sum(spend) as spend, sum(sales_default) as sales, sum(impressions) as impressions,
        sum(clicks) as clicks, 100 * sum(spend) / nullif(sum(sales_default), 0) as acos,
        sum(spend) / nullif(sum(clicks), 0) as cpc,
        sum(sales_default) / nullif(sum(spend), 0) as roas
    {_CAMPAIGN_DAYS}
"""

CAMPAIGN_DAYS = f"""
    select date, sum(spend) as spend, sum(sales_default) as sales,
        100 * sum(spend) / nullif(sum(sales_default), 0) as acos, bool_and(is_final) as is_final
    {_CAMPAIGN_DAYS}
    group by date order by date
"""

CAMPAIGNS = f"""
    select country_code, ad_product, profile_id, campaign_id,
        (array_agg(campaign_name order by date desc))[1] as campaign,
        (array_agg(state order by date desc))[1] as state,
        (array_agg(portfolio_name order by date desc))[1] as portfolio,
        (array_agg(budget_amount order by date desc))[1] as budget,
        sum(impressions) as impressions, sum(clicks) as clicks, sum(spend) as spend,
        sum(sales_default) as sales, sum(purchases_default) as orders,
        100 * sum(spend) / nullif(sum(sales_default), 0) as acos,
        max(default_window_days) as window_days,
        bool_or(is_legacy) as is_legacy
    {_CAMPAIGN_DAYS}
    group by country_code, ad_product, profile_id, campaign_id
    order by sum(spend) desc nulls last, campaign_id
"""

AD_GROUPS = """
    select ad_group_id, max(ad_group_name) as ad_group, sum(impressions) as impressions,
        sum(clicks) as clicks, sum(spend) as spend, sum(coalesce(sales_7d, sales_14d)) as sales
    from marts.fct_ads_ad_group_daily
    where store_id = %(store)s and profile_id = %(profile)s and campaign_id = %(campaign)s
        and date between %(first)s and %(last)s
    group by ad_group_id order by sum(spend) desc nulls last
"""

KEYWORDS = """
    select targeting, match_type, sum(impressions) as impressions, sum(clicks) as clicks,
        sum(spend) as spend, sum(coalesce(sales_7d, sales_14d)) as sales
    from marts.fct_ads_keyword_daily
    where store_id = %(store)s and profile_id = %(profile)s and campaign_id = %(campaign)s
        and ad_group_id = %(ad_group)s and date between %(first)s and %(last)s
    group by target_id, targeting, match_type order by sum(spend) desc nulls last
"""

_MONEY_DAYS = """
    from marts.rpt_financials_daily
    where store_id = %(store)s and channel = %(channel)s and currency_code = %(currency)s
        and (channel = 'shopify' or country_code = any(%(countries)s) or country_code is null)
        and date between %(first)s and %(last)s
"""

FINANCIAL_TOTALS = f"""
    select sum(gross_sales) as gross_sales, sum(promotions) as promotions,
        sum(refunds) as refunds, {_whole("net_sales")} as net_sales,
        {_whole("other_sales")} as other_sales,
        sum(amazon_fees) as amazon_fees, {_whole("net_revenue")} as net_revenue,
        sum(reimbursements) as reimbursements, sum(ad_spend) as ad_spend, {_whole("cogs")} as cogs,
        {_whole("contribution")} as contribution, sum(units_without_cost) as units_without_cost,
        sum(deferred_amount) as deferred, count(*) filter (where net_sales is null) as untaxed_days
    {_MONEY_DAYS}
"""

FINANCIAL_DAYS = f"""
    select date, {_whole("net_sales")} as net_sales, {_whole("net_revenue")} as net_revenue,
        {_whole("contribution")} as contribution, bool_and(is_final) as is_final
    {_MONEY_DAYS}
    group by date order by date
"""

SETTLEMENTS = """
    select settlement_id, country_code, settled_date, currency_code, settlement_header_total,
        settlement_lines_total, settlement_difference, orders_part, unallocated_part, status
    from marts.rpt_settlement_tie_out where store_id = %(store)s
    order by settled_date desc, settlement_id
"""

MARGINS = f"""
    select coalesce(seller_sku, allocation) as sku, sum(units_sold) as units,
        {_whole("net_sales")} as net_sales, sum(amazon_fees) as amazon_fees,
        sum(ad_spend) as ad_spend,
        {_whole("cogs")} as cogs, {_whole("contribution")} as contribution,
        {_whole("contribution")} / nullif({_whole("net_sales")}, 0) as margin
    from marts.rpt_product_margins_daily
    where store_id = %(store)s and channel = %(channel)s and currency_code = %(currency)s
        and (channel = 'shopify' or country_code = any(%(countries)s) or country_code is null)
        and date between %(first)s and %(last)s
    group by coalesce(seller_sku, allocation) order by sum(net_sales) desc nulls last
"""

INVENTORY = """
    select image_url, sku, product_name, asin, channel,
        stock_location_name as stock_location, condition, fulfillable_quantity,
        inbound_quantity, reserved_quantity, unfulfillable_quantity, velocity, days_of_supply,
        restock_qty, snapshot_date
    from marts.rpt_inventory where store_id = %(store)s
    order by days_of_supply nulls last, sku
"""

ATTRIBUTION = """
    select storefront, source, medium, campaign, currency_code, sum(orders) as orders,
        sum(revenue) as revenue, sum(uncredited_orders) as uncredited_orders,
        sum(uncredited_revenue) as uncredited_revenue
    from marts.rpt_attribution_daily
    where store_id = %(store)s and model = %(model)s and attribution_window = %(window)s
        and date between %(first)s and %(last)s
    group by storefront, source, medium, campaign, currency_code
    order by sum(revenue) desc nulls last
"""

RECONCILIATION = """
    select status, check_name, subject, period_start, period_end, currency_code, left_name,
        left_value, right_name, right_value, difference, tolerance
    from marts.rpt_reconciliation where store_id = %(store)s
    order by case status when 'differs' then 0 else 1 end, check_name, subject
"""

FRESHNESS = """
    select api, region, account_id, stream, last_status, last_success_at, complete_through_date,
        last_row_count
    from marts.rpt_data_freshness where store_id = %(store)s order by api, region, stream
"""

CONNECTIONS = """
    select * from marts.rpt_connection_status where store_id = %(store)s order by api, region
"""

AS_OF = """
    select max(last_success_at) as as_of from marts.rpt_data_freshness where store_id = %(store)s
"""
