{%- set touched = [
    {
        'by': ['store_id', 'profile_id', 'date'],
        'rebuilt_in': ['stg_amazon_ads__report_days'],
        'final': {
            'is_traffic_final': var('ads_traffic_final_days'),
            'is_final': var('ads_conversions_final_days')
        }
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {
                'columns': ['store_id', 'profile_id', 'date', 'ad_product', 'campaign_id'],
                'unique': true
            },
            {'columns': ['built_at']}
        ]
    )
}}

with metrics as (
    select * from {{ ref('int_amazon_ads__campaign_metrics') }}
    where {{ is_touched }}
)

select
    store_id,
    profile_id,
    ad_product,
    campaign_id,
    date,
    day_basis,
    time_zone,
    marketplace_id,
    country_code,
    currency_code,
    campaign_name,
    campaign_status,
    {{ money('campaign_budget_amount') }} as campaign_budget_amount,
    campaign_budget_type,
    cost_type,
    impressions,
    viewable_impressions,
    clicks,
    {{ money('spend') }} as spend,
    {{ money('sales_1d') }} as sales_1d,
    {{ money('sales_7d') }} as sales_7d,
    {{ money('sales_14d') }} as sales_14d,
    {{ money('sales_30d') }} as sales_30d,
    purchases_1d,
    purchases_7d,
    purchases_14d,
    purchases_30d,
    units_1d,
    units_7d,
    units_14d,
    units_30d,
    {{ money('sales_1d_same_sku') }} as sales_1d_same_sku,
    {{ money('sales_7d_same_sku') }} as sales_7d_same_sku,
    {{ money('sales_14d_same_sku') }} as sales_14d_same_sku,
    {{ money('sales_30d_same_sku') }} as sales_30d_same_sku,
    purchases_1d_same_sku,
    purchases_7d_same_sku,
    purchases_14d_same_sku,
    purchases_30d_same_sku,
    units_1d_same_sku,
    units_7d_same_sku,
    units_14d_same_sku,
    units_30d_same_sku,
    {{ money('sales_14d_clicks') }} as sales_14d_clicks,
    purchases_14d_clicks,
    units_14d_clicks,
    {{ money('sales_14d_promoted') }} as sales_14d_promoted,
    purchases_14d_promoted,
    {{ money('sales_14d_new_to_brand') }} as sales_14d_new_to_brand,
    purchases_14d_new_to_brand,
    units_14d_new_to_brand,
    detail_page_views_14d,
    branded_searches_14d,
    {{ is_final('date', 'time_zone', var('ads_traffic_final_days')) }} as is_traffic_final,
    {{ is_final('date', 'time_zone', var('ads_conversions_final_days')) }} as is_final,
    report_id,
    extracted_at,
    {{ built_at() }} as built_at
from metrics
