with participations as (
    select * from {{ ref('stg_amazon_sp__marketplace_participations') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
)

select
    participations.store_id,
    participations.marketplace_id,
    participations.name,
    participations.domain_name
from participations
left join marketplaces on participations.marketplace_id = marketplaces.marketplace_id
where
    participations.is_participating
    and marketplaces.marketplace_id is null
    -- places for orders from elsewhere have no shop of their own
    and participations.domain_name like 'www.amazon.%'
