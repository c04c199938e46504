with financial_transaction_items as (
    select * from {{ ref('base_amazon_sp__financial_transaction_items') }}
)

select *
from financial_transaction_items
