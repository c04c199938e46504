{%- set touched = touched_by_reports([
    'sp_ad_groups_daily',
    'sb_ad_groups_daily',
    'sd_ad_groups_daily'
]) -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {
                'columns': [
                    'store_id', 'profile_id', 'date', 'ad_product', 'campaign_id',
                    'ad_group_id'
                ],
                'unique': true
            },
            {'columns': ['built_at']},
            {'columns': ['is_traffic_final', 'date']},
            {'columns': ['is_final', 'date']}
        ]
    )
}}

with sp_ad_groups_daily as (
    select * from {{ ref('stg_amazon_ads__sp_ad_groups_daily') }}
    where {{ is_touched }}
),

sb_ad_groups_daily as (
    select * from {{ ref('stg_amazon_ads__sb_ad_groups_daily') }}
    where {{ is_touched }}
),

sd_ad_groups_daily as (
    select * from {{ ref('stg_amazon_ads__sd_ad_groups_daily') }}
    where {{ is_touched }}
),

united as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        ad_group_id,
        ad_group_name,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_PRODUCTS') }},
        report_id,
        extracted_at
    from sp_ad_groups_daily
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        ad_group_id,
        ad_group_name,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_BRANDS', lacks=['viewable_impressions']) }},
        report_id,
        extracted_at
    from sb_ad_groups_daily
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        campaign_id,
        ad_group_id,
        ad_group_name,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_DISPLAY') }},
        report_id,
        extracted_at
    from sd_ad_groups_daily
)

select
    *,
    {{ is_final('date', 'time_zone', var('ads_traffic_final_days')) }} as is_traffic_final,
    {{ is_final('date', 'time_zone', var('ads_conversions_final_days')) }} as is_final,
    {{ built_at() }} as built_at
from united
