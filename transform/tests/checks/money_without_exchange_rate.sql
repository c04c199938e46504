with stores as (
    select * from {{ ref('int_stores') }}
),

money as (
    select
        store_id,
        currency_code,
        date
    from {{ ref('fct_sales_traffic_daily') }}
    union
    select
        store_id,
        currency_code,
        date
    from {{ ref('fct_ads_campaign_daily') }}
    union
    select
        store_id,
        currency_code,
        date
    from {{ ref('fct_orders') }}
    where currency_code is not null
    union
    select
        store_id,
        currency_code,
        event_date as date
    from {{ ref('fct_financial_lines') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
)

select
    money.store_id,
    money.currency_code,
    stores.reporting_currency_code,
    min(money.date) as first_day,
    max(money.date) as last_day
from money
left join stores on money.store_id = stores.store_id
left join rates
    on
        money.store_id = rates.store_id
        and money.currency_code = rates.currency_code
        and money.date = rates.date
where rates.fx_rate is null
group by money.store_id, money.currency_code, stores.reporting_currency_code
