with transactions as (
    select * from {{ ref('int_finance__transactions') }}
    where is_in_ledger
),

lines as (
    select
        store_id,
        selling_partner_id,
        entry_id,
        sum(amount) as amount
    from {{ ref('fct_financial_lines') }}
    where source = 'transaction'
    group by store_id, selling_partner_id, entry_id
)

select
    coalesce(transactions.store_id, lines.store_id) as store_id,
    coalesce(transactions.transaction_id, lines.entry_id) as transaction_id,
    transactions.total_amount,
    lines.amount
from transactions
full outer join lines
    on
        transactions.store_id = lines.store_id
        and transactions.selling_partner_id = lines.selling_partner_id
        and transactions.transaction_id = lines.entry_id
where coalesce(transactions.total_amount, 0) <> coalesce(lines.amount, 0)
