with portfolios as (
    {{ typed_source('amazon_ads', 'portfolios') }}
)

select
    store_id,
    profile_id,
    portfolio_id,
    marketplace_id,
    name,
    upper(state) as state,
    in_budget,
    budget_amount,
    budget_policy,
    budget_start_date,
    budget_end_date,
    report_id,
    extracted_at
from portfolios
