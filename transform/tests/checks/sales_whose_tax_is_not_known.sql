select
    store_id,
    country_code,
    tax_treatment,
    count(*) as lines,
    sum(amount) as amount,
    min(event_date) as first_day,
    max(event_date) as last_day
from {{ ref('fct_financial_lines') }}
where
    tax_treatment is not null
    and net_amount is null
group by store_id, country_code, tax_treatment
