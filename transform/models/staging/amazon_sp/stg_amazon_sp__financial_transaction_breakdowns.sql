with financial_transaction_breakdowns as (
    select * from {{ ref('base_amazon_sp__financial_transaction_breakdowns') }}
)

select *
from financial_transaction_breakdowns
