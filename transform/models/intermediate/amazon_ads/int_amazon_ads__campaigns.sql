{{
    config(
        materialized='table',
        indexes=[{'columns': ['store_id', 'profile_id', 'ad_product', 'campaign_id'], 'unique': true}]
    )
}}

with sp_campaigns as (
    select * from {{ ref('stg_amazon_ads__sp_campaigns') }}
),

sb_campaigns as (
    select * from {{ ref('stg_amazon_ads__sb_campaigns') }}
),

sd_campaigns as (
    select * from {{ ref('stg_amazon_ads__sd_campaigns') }}
),

portfolios as (
    select * from {{ ref('stg_amazon_ads__portfolios') }}
),

profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

united as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        name as campaign_name,
        state,
        portfolio_id,
        targeting_type,
        'CPC' as cost_type,
        budget_amount,
        budget_type,
        start_date,
        end_date,
        false as is_legacy,
        extracted_at
    from sp_campaigns
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        name as campaign_name,
        state,
        portfolio_id,
        null as targeting_type,
        cost_type,
        budget_amount,
        budget_type,
        start_date,
        end_date,
        coalesce(not is_multi_ad_groups_enabled, false) as is_legacy,
        extracted_at
    from sb_campaigns
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        campaign_id,
        name as campaign_name,
        state,
        portfolio_id,
        tactic as targeting_type,
        cost_type,
        budget_amount,
        budget_type,
        start_date,
        end_date,
        false as is_legacy,
        extracted_at
    from sd_campaigns
)

select
    united.store_id,
    united.profile_id,
    united.ad_product,
    united.campaign_id,
    profiles.time_zone,
    united.campaign_name,
    united.state,
    united.portfolio_id,
    portfolios.name as portfolio_name,
    united.targeting_type,
    united.cost_type,
    united.budget_amount,
    united.budget_type,
    united.start_date,
    united.end_date,
    united.is_legacy,
    united.extracted_at
from united
left join portfolios
    on
        united.store_id = portfolios.store_id
        and united.profile_id = portfolios.profile_id
        and united.portfolio_id = portfolios.portfolio_id
left join profiles
    on
        united.store_id = profiles.store_id
        and united.profile_id = profiles.profile_id
