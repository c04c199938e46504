with fba_reimbursements as (
    select * from {{ ref('base_amazon_sp__fba_reimbursements') }}
)

select *
from fba_reimbursements
