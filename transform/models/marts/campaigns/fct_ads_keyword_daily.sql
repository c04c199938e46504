{%- set touched = touched_by_reports([
    'sp_targeting_daily',
    'sb_targeting_daily',
    'sd_targeting_daily'
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
                    'ad_group_id', 'target_id', 'match_type'
                ],
                'unique': true
            },
            {'columns': ['built_at']},
            {'columns': ['is_traffic_final', 'date']},
            {'columns': ['is_final', 'date']}
        ]
    )
}}

with sp_targeting_daily as (
    select * from {{ ref('stg_amazon_ads__sp_targeting_daily') }}
    where {{ is_touched }}
),

sb_targeting_daily as (
    select * from {{ ref('stg_amazon_ads__sb_targeting_daily') }}
    where {{ is_touched }}
),

sd_targeting_daily as (
    select * from {{ ref('stg_amazon_ads__sd_targeting_daily') }}
    where {{ is_touched }}
),

united as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        ad_group_id,
        keyword_id as target_id,
        keyword_type in ('BROAD', 'PHRASE', 'EXACT') as is_keyword,
        coalesce(nullif(keyword_type, ''), match_type, '') as match_type,
        coalesce(targeting, keyword) as targeting,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_PRODUCTS') }},
        report_id,
        extracted_at
    from sp_targeting_daily
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        ad_group_id,
        coalesce(nullif(keyword_id, ''), targeting_id) as target_id,
        keyword_id <> '' as is_keyword,
        coalesce(nullif(keyword_type, ''), match_type, '') as match_type,
        coalesce(keyword_text, targeting_text, targeting_expression) as targeting,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_BRANDS', lacks=['viewable_impressions', 'units_sold_clicks']) }},
        report_id,
        extracted_at
    from sb_targeting_daily
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        campaign_id,
        ad_group_id,
        targeting_id as target_id,
        false as is_keyword,
        case when targeting_id = '-20' then 'UNALLOCATED' else 'TARGETING_EXPRESSION' end
            as match_type,
        coalesce(targeting_text, targeting_expression) as targeting,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_DISPLAY', lacks=['new_to_brand_sales']) }},
        report_id,
        extracted_at
    from sd_targeting_daily
)

select
    *,
    {{ is_final('date', 'time_zone', var('ads_traffic_final_days')) }} as is_traffic_final,
    {{ is_final('date', 'time_zone', var('ads_conversions_final_days')) }} as is_final,
    {{ built_at() }} as built_at
from united
