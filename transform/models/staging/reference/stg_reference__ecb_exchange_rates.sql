with rates as (
    select * from {{ ref('base_reference__ecb_exchange_rates') }}
)

select
    currency_code,
    date,
    rate,
    read_at
from rates
union all
-- a euro is a euro, on every day that there are rates
select
    'EUR' as currency_code,
    date,
    1 as rate,
    min(read_at) as read_at
from rates
group by date
