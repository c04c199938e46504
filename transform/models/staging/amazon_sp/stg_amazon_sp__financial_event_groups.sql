with financial_event_groups as (
    select * from {{ ref('base_amazon_sp__financial_event_groups') }}
)

select *
from financial_event_groups
