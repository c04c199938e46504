{{
    config(
        indexes=[
            {'columns': ['store_id', 'date', 'storefront', 'model', 'attribution_window']}
        ]
    )
}}

with credits as (
    select * from {{ ref('int_shopify__attribution_credits') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where
        channel = 'shopify'
        and is_sale
),

visited_orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

campaign_days as (
    select * from {{ ref('fct_ads_campaign_daily') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

credited as (
    select distinct
        store_id,
        order_id
    from credits
),

-- Orders whose journey is not known: their last visit may be, from the order itself.
uncredited as (
    select
        orders.store_id,
        orders.date,
        orders.product_amount - orders.product_discount_amount as revenue,
        lower(visited_orders.last_visit_source) as source,
        lower(visited_orders.last_visit_medium) as medium,
        visited_orders.last_visit_campaign as campaign
    from orders
    left join credited
        on
            orders.store_id = credited.store_id
            and orders.order_id = credited.order_id
    left join visited_orders
        on
            orders.store_id = visited_orders.store_id
            and orders.order_id = visited_orders.order_id
    where credited.order_id is null
),

shop_currencies as (
    select
        store_id,
        date,
        max(currency_code) as currency_code,
        max(day_basis) as day_basis,
        max(time_zone) as time_zone
    from orders
    group by store_id, date
),

of_shop as (
    select
        store_id,
        date,
        source,
        medium,
        campaign,
        model,
        sum(orders) as orders,
        sum(revenue) as revenue,
        null as uncredited_orders,
        null as uncredited_revenue
    from credits
    where orders <> 0
    group by store_id, date, source, medium, campaign, model
    union all
    {% for model in attribution_models() %}
        {%- set is_told = "source is not null" if model == 'last_click' else 'false' %}
        select
            store_id,
            date,
            case when {{ is_told }} then source end as source,
            case when {{ is_told }} then medium end as medium,
            case when {{ is_told }} then campaign end as campaign,
            '{{ model }}' as model,
            sum(case when {{ is_told }} then 1 end) as orders,
            sum(case when {{ is_told }} then revenue end) as revenue,
            sum(case when not ({{ is_told }}) then 1 end) as uncredited_orders,
            sum(case when not ({{ is_told }}) then revenue end) as uncredited_revenue
        from uncredited
        group by
            store_id,
            date,
            case when {{ is_told }} then source end,
            case when {{ is_told }} then medium end,
            case when {{ is_told }} then campaign end
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

named as (
    select
        campaign_days.*,
        coalesce(campaigns.campaign_name, campaign_days.campaign_id) as campaign
    from campaign_days
    left join campaigns
        on
            campaign_days.store_id = campaigns.store_id
            and campaign_days.profile_id = campaigns.profile_id
            and campaign_days.ad_product = campaigns.ad_product
            and campaign_days.campaign_id = campaigns.campaign_id
            and campaign_days.date between campaigns.first_day and campaigns.last_day
),

of_amazon as (
    {% for window in ['1d', '7d', '14d', '30d'] %}
        select
            store_id,
            date,
            marketplace_id,
            ad_product,
            campaign,
            '{{ window }}' as attribution_window,
            currency_code,
            day_basis,
            time_zone,
            purchases_{{ window }} as orders,
            sales_{{ window }} as revenue
        from named
        where
            purchases_{{ window }} is not null
            or sales_{{ window }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

told as (
    select
        of_shop.store_id,
        of_shop.date,
        'shopify' as storefront,
        of_shop.source,
        of_shop.medium,
        of_shop.campaign,
        of_shop.model,
        'journey' as attribution_window,
        shop_currencies.currency_code,
        shop_currencies.day_basis,
        shop_currencies.time_zone,
        sum(of_shop.orders) as orders,
        sum(of_shop.revenue) as revenue,
        sum(of_shop.uncredited_orders) as uncredited_orders,
        sum(of_shop.uncredited_revenue) as uncredited_revenue
    from of_shop
    left join shop_currencies
        on
            of_shop.store_id = shop_currencies.store_id
            and of_shop.date = shop_currencies.date
    group by
        of_shop.store_id,
        of_shop.date,
        of_shop.source,
        of_shop.medium,
        of_shop.campaign,
        of_shop.model,
        shop_currencies.currency_code,
        shop_currencies.day_basis,
        shop_currencies.time_zone
    union all
    select
        store_id,
        date,
        marketplace_id as storefront,
        'amazon_ads' as source,
        ad_product as medium,
        campaign,
        'platform_reported' as model,
        attribution_window,
        currency_code,
        max(day_basis) as day_basis,
        max(time_zone) as time_zone,
        sum(orders) as orders,
        sum(revenue) as revenue,
        null as uncredited_orders,
        null as uncredited_revenue
    from of_amazon
    group by
        store_id, date, marketplace_id, ad_product, campaign, attribution_window, currency_code
)

select
    told.store_id,
    told.date,
    told.day_basis,
    told.time_zone,
    told.storefront,
    told.source,
    told.medium,
    told.campaign,
    told.model,
    told.attribution_window,
    told.currency_code,
    cast(told.orders as numeric(18, 6)) as orders,
    {{ money('told.revenue') }} as revenue,
    {{ whole('told.uncredited_orders') }} as uncredited_orders,
    {{ money('told.uncredited_revenue') }} as uncredited_revenue,
    exchange_rates.reporting_currency_code,
    exchange_rates.fx_rate,
    exchange_rates.fx_rate_date,
    {{ in_reporting('told.revenue') }} as revenue_reporting
from told
{{ exchange_rates('told') }}
