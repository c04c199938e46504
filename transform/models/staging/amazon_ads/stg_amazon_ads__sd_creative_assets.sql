with assets as (
    {{ typed_source('amazon_ads', 'sd_creative_assets') }}
),

parents as (
    select * from {{ ref('stg_amazon_ads__sd_creatives') }}
)

-- what the newest version of the parent no longer has is gone
select assets.*
from assets
inner join parents
    on
        assets.store_id = parents.store_id
        and assets.profile_id = parents.profile_id
        and assets.creative_id = parents.creative_id
        and assets.report_id = parents.report_id
