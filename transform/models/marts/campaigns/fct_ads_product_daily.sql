{%- set touched = touched_by_reports([
    'sp_advertised_products_daily',
    'sd_advertised_products_daily',
    'sp_purchased_products_daily',
    'sb_purchased_products_daily',
    'sd_purchased_products_daily'
]) -%}
{%- set is_touched = touched_condition(touched) -%}
{%- set key = [
    'store_id', 'profile_id', 'date', 'ad_product', 'campaign_id', 'ad_group_id',
    'product_role', 'asin', 'sku', 'advertised_asin', 'advertised_sku', 'attribution_type'
] -%}
{#- What was bought, by its own names: never one column with what ads of a product sold. -#}
{%- set purchased_measures = [] -%}
{%- for measure in ['sales', 'purchases', 'units'] -%}
    {%- for window in ['1d', '7d', '14d', '30d', '14d_clicks'] -%}
        {%- do purchased_measures.append('purchased_' ~ measure ~ '_' ~ window) -%}
    {%- endfor -%}
{%- endfor -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {'columns': key, 'unique': true},
            {'columns': ['built_at']},
            {'columns': ['is_traffic_final', 'date']},
            {'columns': ['is_final', 'date']}
        ]
    )
}}

with sp_advertised as (
    select * from {{ ref('stg_amazon_ads__sp_advertised_products_daily') }}
    where {{ is_touched }}
),

sd_advertised as (
    select * from {{ ref('stg_amazon_ads__sd_advertised_products_daily') }}
    where {{ is_touched }}
),

sp_purchased as (
    select * from {{ ref('stg_amazon_ads__sp_purchased_products_daily') }}
    where {{ is_touched }}
),

sb_purchased as (
    select * from {{ ref('stg_amazon_ads__sb_purchased_products_daily') }}
    where {{ is_touched }}
),

sd_purchased as (
    select * from {{ ref('stg_amazon_ads__sd_purchased_products_daily') }}
    where {{ is_touched }}
),

ads as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        ad_group_id,
        coalesce(advertised_asin, '') as asin,
        coalesce(advertised_sku, '') as sku,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_PRODUCTS') }},
        report_id,
        extracted_at
    from sp_advertised
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        campaign_id,
        ad_group_id,
        coalesce(promoted_asin, '') as asin,
        coalesce(promoted_sku, '') as sku,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {{ measures_of('SPONSORED_DISPLAY') }},
        report_id,
        extracted_at
    from sd_advertised
),

purchases as (
    select
        store_id,
        profile_id,
        'SPONSORED_PRODUCTS' as ad_product,
        campaign_id,
        ad_group_id,
        purchased_asin as asin,
        coalesce(advertised_asin, '') as advertised_asin,
        coalesce(advertised_sku, '') as advertised_sku,
        'BRAND_HALO' as attribution_type,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        sales_1d as purchased_sales_1d,
        sales_7d as purchased_sales_7d,
        sales_14d as purchased_sales_14d,
        sales_30d as purchased_sales_30d,
        sales_14d as purchased_sales_14d_clicks,
        purchases_1d as purchased_purchases_1d,
        purchases_7d as purchased_purchases_7d,
        purchases_14d as purchased_purchases_14d,
        purchases_30d as purchased_purchases_30d,
        purchases_14d as purchased_purchases_14d_clicks,
        units_sold_clicks_1d as purchased_units_1d,
        units_sold_clicks_7d as purchased_units_7d,
        units_sold_clicks_14d as purchased_units_14d,
        units_sold_clicks_30d as purchased_units_30d,
        units_sold_clicks_14d as purchased_units_14d_clicks,
        report_id,
        extracted_at
    from sp_purchased
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_BRANDS' as ad_product,
        campaign_id,
        ad_group_id,
        purchased_asin as asin,
        '' as advertised_asin,
        '' as advertised_sku,
        {{ constant_case('attribution_type') }} as attribution_type,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        null as purchased_sales_1d,
        null as purchased_sales_7d,
        sales_14d as purchased_sales_14d,
        null as purchased_sales_30d,
        sales_clicks_14d as purchased_sales_14d_clicks,
        null as purchased_purchases_1d,
        null as purchased_purchases_7d,
        orders_14d as purchased_purchases_14d,
        null as purchased_purchases_30d,
        orders_clicks_14d as purchased_purchases_14d_clicks,
        null as purchased_units_1d,
        null as purchased_units_7d,
        units_sold_14d as purchased_units_14d,
        null as purchased_units_30d,
        units_sold_clicks_14d as purchased_units_14d_clicks,
        report_id,
        extracted_at
    from sb_purchased
    union all
    select
        store_id,
        profile_id,
        'SPONSORED_DISPLAY' as ad_product,
        campaign_id,
        ad_group_id,
        asin_brand_halo as asin,
        coalesce(promoted_asin, '') as advertised_asin,
        coalesce(promoted_sku, '') as advertised_sku,
        'BRAND_HALO' as attribution_type,
        date,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        null as purchased_sales_1d,
        null as purchased_sales_7d,
        sales_brand_halo as purchased_sales_14d,
        null as purchased_sales_30d,
        sales_brand_halo_clicks as purchased_sales_14d_clicks,
        null as purchased_purchases_1d,
        null as purchased_purchases_7d,
        conversions_brand_halo as purchased_purchases_14d,
        null as purchased_purchases_30d,
        conversions_brand_halo_clicks as purchased_purchases_14d_clicks,
        null as purchased_units_1d,
        null as purchased_units_7d,
        units_sold_brand_halo as purchased_units_14d,
        null as purchased_units_30d,
        units_sold_brand_halo_clicks as purchased_units_14d_clicks,
        report_id,
        extracted_at
    from sd_purchased
),

united as (
    select
        {%- for column in key if column not in (
            'product_role', 'advertised_asin', 'advertised_sku', 'attribution_type'
        ) %}
            {{ column }},
        {%- endfor %}
        'advertised' as product_role,
        '' as advertised_asin,
        '' as advertised_sku,
        '' as attribution_type,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {%- for measure in ad_measures() %}
            {{ measure }},
        {%- endfor %}
        {%- for measure in purchased_measures %}
            null as {{ measure }},
        {%- endfor %}
        report_id,
        extracted_at
    from ads
    union all
    select
        {%- for column in key if column not in (
            'product_role', 'sku', 'advertised_asin', 'advertised_sku', 'attribution_type'
        ) %}
            {{ column }},
        {%- endfor %}
        '' as sku,
        'purchased' as product_role,
        advertised_asin,
        advertised_sku,
        attribution_type,
        day_basis,
        time_zone,
        marketplace_id,
        currency_code,
        {%- for measure in ad_measures() %}
            null as {{ measure }},
        {%- endfor %}
        {%- for measure in purchased_measures %}
            {{ measure }},
        {%- endfor %}
        report_id,
        extracted_at
    from purchases
)

-- A product may have several ads in a group, and be bought after several keywords.
select
    {%- for column in key %}
        {{ column }},
    {%- endfor %}
    max(day_basis) as day_basis,
    max(time_zone) as time_zone,
    max(marketplace_id) as marketplace_id,
    max(currency_code) as currency_code,
    {%- for measure in ad_measures() %}
        {{ summed(measure) }} as {{ measure }},
    {%- endfor %}
    {%- for measure in purchased_measures %}
        {{ summed(measure) }} as {{ measure }},
    {%- endfor %}
    {{ is_final('date', 'max(time_zone)', var('ads_traffic_final_days')) }} as is_traffic_final,
    {{ is_final('date', 'max(time_zone)', var('ads_conversions_final_days')) }} as is_final,
    max(report_id) as report_id,
    max(extracted_at) as extracted_at,
    {{ built_at() }} as built_at
from united
group by {{ key | join(', ') }}
