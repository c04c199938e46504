with participations as (
    select * from {{ ref('base_amazon_sp__marketplace_participations') }}
)

select
    store_id,
    selling_partner_id,
    marketplace_id,
    region,
    name,
    country_code,
    default_currency_code,
    default_language_code,
    domain_name,
    store_name,
    is_participating,
    has_suspended_listings,
    report_id,
    extracted_at
from participations
