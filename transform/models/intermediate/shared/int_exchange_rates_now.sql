with stores as (
    select * from {{ ref('int_stores') }}
),

rates as (
    select
        currency_code,
        date,
        rate,
        lead(date) over (partition by currency_code order by date) as next_date
    from {{ ref('stg_reference__ecb_exchange_rates') }}
    where date >= {{ days_later("cast('" ~ var('exchange_rates_from') ~ "' as date)", -31) }}
),

-- a rate serves from its day until the day before the next one, but not for ever
daily_rates as (
    select
        rates.currency_code,
        rates.date as rate_date,
        rates.rate,
        days.date
    from rates
    {{ each_day(
        'rates.date',
        'least('
        ~ next_day('rates.next_date', -1) ~ ', '
        ~ next_day('rates.date', var('exchange_rate_max_age_days')) ~ ', '
        ~ next_day(as_of()) ~ ')',
        'date'
    ) }}
    where days.date >= cast('{{ var("exchange_rates_from") }}' as date)
),

reporting_currencies as (
    select distinct reporting_currency_code
    from stores
    where reporting_currency_code is not null
),

crossed as (
    select
        reporting_currencies.reporting_currency_code,
        native.currency_code,
        native.date,
        reporting.rate / native.rate as fx_rate,
        least(native.rate_date, reporting.rate_date) as fx_rate_date
    from reporting_currencies
    inner join daily_rates as reporting
        on reporting_currencies.reporting_currency_code = reporting.currency_code
    inner join daily_rates as native on reporting.date = native.date
    where native.currency_code <> reporting_currencies.reporting_currency_code
    union all
    select
        reporting_currencies.reporting_currency_code,
        reporting_currencies.reporting_currency_code as currency_code,
        days.date,
        1 as fx_rate,
        days.date as fx_rate_date
    from reporting_currencies
    {{ each_day(
        "cast('" ~ var('exchange_rates_from') ~ "' as date)", next_day(as_of()), 'date'
    ) }}
)

select
    stores.store_id,
    crossed.currency_code,
    crossed.date,
    stores.reporting_currency_code,
    cast(crossed.fx_rate as numeric(24, 12)) as fx_rate,
    crossed.fx_rate_date
from stores
inner join crossed on stores.reporting_currency_code = crossed.reporting_currency_code
