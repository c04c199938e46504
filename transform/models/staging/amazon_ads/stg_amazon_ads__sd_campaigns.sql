with campaigns as (
    select * from {{ ref('base_amazon_ads__sd_campaigns') }}
)

select
    store_id,
    profile_id,
    campaign_id,
    currency_code,
    country_code,
    time_zone,
    marketplace_id,
    name,
    upper(state) as state,
    portfolio_id,
    start_date,
    end_date,
    budget_amount,
    upper(budget_type) as budget_type,
    upper(cost_type) as cost_type,
    tactic,
    delivery_profile,
    serving_status,
    report_id,
    extracted_at
from campaigns
