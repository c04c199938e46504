with assets as (
    {{ typed_source('amazon_ads', 'sb_ad_assets') }}
),

parents as (
    select * from {{ ref('stg_amazon_ads__sb_ads') }}
)

-- what the newest version of the parent no longer has is gone
select assets.*
from assets
inner join parents
    on
        assets.store_id = parents.store_id
        and assets.profile_id = parents.profile_id
        and assets.campaign_id = parents.campaign_id
        and assets.ad_group_id = parents.ad_group_id
        and assets.ad_id = parents.ad_id
        and assets.report_id = parents.report_id
