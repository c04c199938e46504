with financial_balances as (
    select * from {{ ref('base_amazon_sp__financial_balances') }}
)

select *
from financial_balances
