with fba_returns as (
    select * from {{ ref('base_amazon_sp__fba_returns') }}
)

select *
from fba_returns
