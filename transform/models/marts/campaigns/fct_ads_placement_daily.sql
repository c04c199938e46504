{%- set touched = touched_by_reports(['sp_placements_daily', 'sb_placements_daily']) -%}
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
                    'placement'
                ],
                'unique': true
            },
            {'columns': ['built_at']},
            {'columns': ['is_traffic_final', 'date']},
            {'columns': ['is_final', 'date']}
        ]
    )
}}

with sp_placements_daily as (
    select * from {{ ref('stg_amazon_ads__sp_placements_daily') }}
    where {{ is_touched }}
),

sb_placements_daily as (
    select * from {{ ref('stg_amazon_ads__sb_placements_daily') }}
    where {{ is_touched }}
),

united as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        placement_classification as placement,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_PRODUCTS') }},
        report_id,
        extracted_at
    from sp_placements_daily
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        placement_classification as placement,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_BRANDS') }},
        report_id,
        extracted_at
    from sb_placements_daily
)

select
    *,
    {{ is_final('date', 'time_zone', var('ads_traffic_final_days')) }} as is_traffic_final,
    {{ is_final('date', 'time_zone', var('ads_conversions_final_days')) }} as is_final,
    {{ built_at() }} as built_at
from united
