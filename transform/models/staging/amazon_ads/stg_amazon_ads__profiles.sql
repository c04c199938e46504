with profiles as (
    select * from {{ ref('base_amazon_ads__profiles') }}
)

select
    store_id,
    profile_id,
    country_code,
    currency_code,
    daily_budget,
    time_zone,
    marketplace_id,
    account_entity_id,
    lower(account_type) as account_type,
    account_sub_type,
    account_name,
    valid_payment_method,
    coalesce(is_selected, false) as is_selected,
    selection_reason,
    report_id,
    extracted_at
from profiles
