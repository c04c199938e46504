with profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
)

select
    profiles.store_id,
    profiles.profile_id,
    profiles.marketplace_id,
    profiles.currency_code,
    marketplaces.currency_code as marketplace_currency_code
from profiles
inner join marketplaces on profiles.marketplace_id = marketplaces.marketplace_id
where
    profiles.is_selected
    and profiles.currency_code <> marketplaces.currency_code
