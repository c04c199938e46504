with campaigns as (
    select * from {{ ref('base_amazon_ads__sb_campaigns') }}
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
    is_multi_ad_groups_enabled,
    brand_entity_id,
    goal,
    serving_status,
    report_id,
    extracted_at
from campaigns
