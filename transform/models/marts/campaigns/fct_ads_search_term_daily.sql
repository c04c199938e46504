{%- set touched = touched_by_reports(['sp_search_terms_daily', 'sb_search_terms_daily']) -%}
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
                    'ad_group_id', 'target_id', 'match_type', 'targeting', 'search_term'
                ],
                'unique': true
            },
            {'columns': ['built_at']},
            {'columns': ['is_traffic_final', 'date']},
            {'columns': ['is_final', 'date']}
        ]
    )
}}

with sp_search_terms_daily as (
    select * from {{ ref('stg_amazon_ads__sp_search_terms_daily') }}
    where {{ is_touched }}
),

sb_search_terms_daily as (
    select * from {{ ref('stg_amazon_ads__sb_search_terms_daily') }}
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
        coalesce(nullif(keyword_type, ''), match_type, '') as match_type,
        coalesce(targeting, keyword, '') as targeting,
        search_term,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_PRODUCTS') }},
        report_id,
        extracted_at
    from sp_search_terms_daily
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        ad_group_id,
        coalesce(keyword_id, '') as target_id,
        coalesce(match_type, '') as match_type,
        coalesce(keyword_text, '') as targeting,
        search_term,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_BRANDS', lacks=[
            'purchases_promoted', 'sales_promoted', 'units_sold_clicks',
            'new_to_brand_purchases', 'new_to_brand_sales', 'new_to_brand_units_sold',
            'detail_page_views', 'branded_searches'
        ]) }},
        report_id,
        extracted_at
    from sb_search_terms_daily
)

select
    *,
    {{ is_final('date', 'time_zone', var('ads_traffic_final_days')) }} as is_traffic_final,
    {{ is_final('date', 'time_zone', var('ads_conversions_final_days')) }} as is_final,
    {{ built_at() }} as built_at
from united
