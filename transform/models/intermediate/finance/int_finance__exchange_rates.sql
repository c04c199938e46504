select
    store_id,
    currency_code,
    date as event_date,
    built_at
from {{ ref('int_exchange_rates') }}
