select
    store_id,
    profile_id,
    campaign_id,
    campaign_name
from {{ ref('int_amazon_ads__campaigns') }}
where
    is_legacy
    and state = 'ENABLED'
