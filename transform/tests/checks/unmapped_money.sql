select
    store_id,
    currency_code,
    source,
    kind,
    transaction_type,
    amount_type,
    amount_description,
    count(*) as lines,
    sum(amount) as amount,
    sum(abs(coalesce(amount_reporting, amount))) as moved
from {{ ref('fct_financial_lines') }}
where class = 'other_unmapped'
group by
    store_id, currency_code, source, kind, transaction_type, amount_type, amount_description
having sum(abs(coalesce(amount_reporting, amount))) > {{ var('unmapped_money_threshold') }}
