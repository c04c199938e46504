with campaign_days as (
    select * from {{ ref('fct_ads_campaign_daily') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where is_current
),

covered_days as (
    select * from {{ ref('int_amazon_ads__covered_days') }}
),

invoices as (
    select * from {{ ref('stg_amazon_ads__invoices') }}
),

invoice_lines as (
    select * from {{ ref('stg_amazon_ads__invoice_lines') }}
),

storefronts as (
    select * from {{ ref('rpt_storefronts_daily') }}
),

orders as (
    select * from {{ ref('stg_amazon_sp__orders') }}
),

order_items as (
    select * from {{ ref('stg_amazon_sp__order_items') }}
),

-- Of a bill, the campaigns that reports know; legacy Sponsored Brands are billed, never reported.
billed as (
    select
        invoice_lines.store_id,
        invoice_lines.profile_id,
        invoice_lines.invoice_id,
        sum(case when campaigns.is_legacy then 0 else invoice_lines.cost_amount end)
            as reportable,
        count(*) as bill_lines
    from invoice_lines
    left join campaigns
        on
            invoice_lines.store_id = campaigns.store_id
            and invoice_lines.profile_id = campaigns.profile_id
            and invoice_lines.campaign_id = campaigns.campaign_id
    group by invoice_lines.store_id, invoice_lines.profile_id, invoice_lines.invoice_id
),

first_covered as (
    select
        store_id,
        profile_id,
        min(date) as first_day
    from covered_days
    where is_covered
    group by store_id, profile_id
),

reported as (
    select
        invoices.store_id,
        invoices.profile_id,
        invoices.invoice_id,
        sum(campaign_days.spend) as spend
    from invoices
    inner join campaign_days
        on
            invoices.store_id = campaign_days.store_id
            and invoices.profile_id = campaign_days.profile_id
            and campaign_days.date between invoices.from_date and invoices.to_date
    group by invoices.store_id, invoices.profile_id, invoices.invoice_id
),

spend_against_invoices as (
    select
        invoices.store_id,
        'ads_spend_against_invoice' as check_name,
        concat(invoices.profile_id, ' ', invoices.invoice_id) as subject,
        invoices.from_date as period_start,
        invoices.to_date as period_end,
        invoices.currency_code,
        'reported spend' as left_name,
        coalesce(reported.spend, 0) as left_value,
        'invoice lines, legacy campaigns left out' as right_name,
        billed.reportable as right_value,
        -- every line is rounded to the currency's minor unit
        cast(billed.bill_lines as numeric)
        * case when invoices.currency_code = 'JPY' then 1 else 0.01 end as tolerance,
        coalesce(first_covered.first_day <= invoices.from_date, false) as is_comparable
    from invoices
    inner join billed
        on
            invoices.store_id = billed.store_id
            and invoices.profile_id = billed.profile_id
            and invoices.invoice_id = billed.invoice_id
    left join reported
        on
            invoices.store_id = reported.store_id
            and invoices.profile_id = reported.profile_id
            and invoices.invoice_id = reported.invoice_id
    left join first_covered
        on
            invoices.store_id = first_covered.store_id
            and invoices.profile_id = first_covered.profile_id
),

campaigns_against_list as (
    select
        store_id,
        'campaigns_reported_against_list' as check_name,
        concat(profile_id, ' ', ad_product) as subject,
        cast(null as date) as period_start,
        cast(null as date) as period_end,
        cast(null as text) as currency_code,
        'campaigns in the list or in reports' as left_name,
        count(*) as left_value,
        'campaigns in the list' as right_name,
        count(case when is_listed then 1 end) as right_value,
        0 as tolerance,
        true as is_comparable
    from campaigns
    group by store_id, profile_id, ad_product
),

placed as (
    select
        orders.store_id,
        orders.marketplace_id,
        orders.date,
        sum(order_items.item_price_amount) as sales
    from orders
    inner join order_items
        on
            orders.store_id = order_items.store_id
            and orders.selling_partner_id = order_items.selling_partner_id
            and orders.order_id = order_items.order_id
    where orders.channel_name = 'AMAZON'
    group by orders.store_id, orders.marketplace_id, orders.date
),

-- Only days that both know whole: final in one, covered in the other.
sales_against_orders as (
    select
        storefronts.store_id,
        'sales_traffic_against_orders' as check_name,
        storefronts.country_code as subject,
        min(storefronts.date) as period_start,
        max(storefronts.date) as period_end,
        storefronts.currency_code,
        'ordered product sales' as left_name,
        sum(storefronts.ordered_product_sales) as left_value,
        'prices of ordered items' as right_name,
        sum(coalesce(placed.sales, 0)) as right_value,
        -- cancelled orders lose their prices, not their place in sales and traffic
        sum(storefronts.ordered_product_sales) * {{ var('sales_orders_tolerance') }} as tolerance,
        true as is_comparable
    from storefronts
    left join placed
        on
            storefronts.store_id = placed.store_id
            and storefronts.marketplace_id = placed.marketplace_id
            and storefronts.date = placed.date
    where
        storefronts.is_final
        and storefronts.orders is not null
        and storefronts.ordered_product_sales is not null
    group by storefronts.store_id, storefronts.country_code, storefronts.currency_code
),

united as (
    select * from spend_against_invoices
    union all
    select * from campaigns_against_list
    union all
    select * from sales_against_orders
)

select
    store_id,
    check_name,
    subject,
    period_start,
    period_end,
    currency_code,
    left_name,
    {{ money('left_value') }} as left_value,
    right_name,
    {{ money('right_value') }} as right_value,
    {{ money('left_value - right_value') }} as difference,
    {{ money('tolerance') }} as tolerance,
    case
        when not is_comparable then 'not_comparable'
        when abs(left_value - right_value) <= tolerance then 'agrees'
        else 'differs'
    end as status,
    {{ as_of() }} as as_of
from united
