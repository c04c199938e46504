{%- set touched = [
    {
        'by': ['store_id', 'profile_id', 'ad_product', 'date'],
        'differs_from': 'int_amazon_ads__covered_days',
        'on': ['report_id', 'extracted_at', 'is_traffic_final', 'is_final']
    },
    {
        'by': ['store_id', 'profile_id', 'ad_product', 'campaign_id'],
        'rebuilt_in': ['int_amazon_ads__campaign_versions']
    },
    {
        'by': ['store_id', 'currency_code', 'date'],
        'rebuilt_in': ['int_exchange_rates']
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{#- What a day without activity is worth: 0 for what the ad product offers, NULL for the rest. -#}
{%- set metrics = [
    'impressions', 'clicks', 'spend', 'sales_14d', 'purchases_14d', 'units_14d',
    'sales_14d_clicks', 'purchases_14d_clicks', 'units_14d_clicks'
] -%}
{%- set sponsored_products_metrics = [] -%}
{%- for measure in ['sales', 'purchases', 'units'] -%}
    {%- for window in ['1d', '7d', '30d'] -%}
        {%- do sponsored_products_metrics.append(measure ~ '_' ~ window) -%}
    {%- endfor -%}
    {%- for window in ['1d', '7d', '14d', '30d'] -%}
        {%- do sponsored_products_metrics.append(measure ~ '_' ~ window ~ '_same_sku') -%}
    {%- endfor -%}
{%- endfor -%}
{%- set brands_and_display_metrics = [
    'viewable_impressions', 'sales_14d_promoted', 'purchases_14d_promoted',
    'sales_14d_new_to_brand', 'purchases_14d_new_to_brand', 'units_14d_new_to_brand'
] -%}
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
            {'columns': ['store_id', 'profile_id', 'ad_product', 'campaign_id']},
            {'columns': ['built_at']}
        ]
    )
}}

with campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where is_listed
),

covered_days as (
    select * from {{ ref('int_amazon_ads__covered_days') }}
),

reported as (
    select * from {{ ref('fct_ads_campaign_daily') }}
),

profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

listed as (
    select
        campaigns.store_id,
        campaigns.profile_id,
        campaigns.ad_product,
        campaigns.campaign_id,
        covered_days.date
    from campaigns
    inner join covered_days
        on
            campaigns.store_id = covered_days.store_id
            and campaigns.profile_id = covered_days.profile_id
            and campaigns.ad_product = covered_days.ad_product
    where
        campaigns.is_current
        and covered_days.date >= coalesce(campaigns.start_date, covered_days.date)
        and covered_days.date <= coalesce(campaigns.end_date, covered_days.date)
),

-- Every day of every listed campaign's life, and whatever else a report has.
known_days as (
    select
        store_id,
        profile_id,
        ad_product,
        campaign_id,
        date
    from listed
    union
    select
        store_id,
        profile_id,
        ad_product,
        campaign_id,
        date
    from reported
),

campaign_days as (
    select * from (
        select
            known_days.*,
            profiles.currency_code
        from known_days
        left join profiles
            on
                known_days.store_id = profiles.store_id
                and known_days.profile_id = profiles.profile_id
    ) as days_in_currency
    where {{ is_touched }}
),

joined as (
    select
        campaign_days.store_id,
        campaign_days.profile_id,
        campaign_days.ad_product,
        campaign_days.campaign_id,
        campaign_days.date,
        profiles.marketplace_id,
        profiles.country_code,
        profiles.currency_code,
        profiles.time_zone,
        profiles.account_type,
        profiles.account_name,
        coalesce(campaigns.campaign_name, reported.campaign_name) as campaign_name,
        coalesce(campaigns.state, reported.campaign_status) as state,
        campaigns.portfolio_id,
        campaigns.portfolio_name,
        campaigns.targeting_type,
        coalesce(campaigns.cost_type, reported.cost_type) as cost_type,
        coalesce(campaigns.budget_amount, reported.campaign_budget_amount) as budget_amount,
        coalesce(campaigns.budget_type, reported.campaign_budget_type) as budget_type,
        campaigns.start_date,
        campaigns.end_date,
        campaigns.campaign_id is not null as is_listed,
        coalesce(campaigns.is_legacy, false) as is_legacy,
        case
            when reported.campaign_id is not null then 'reported'
            when campaigns.is_legacy then 'legacy_unreported'
            when covered_days.is_covered then 'no_activity'
            else 'not_covered'
        end as data_status,
        coalesce(covered_days.is_covered and not campaigns.is_legacy, false) as is_reportable,
        {%- for metric in metrics + sponsored_products_metrics + brands_and_display_metrics %}
            reported.{{ metric }},
        {%- endfor %}
        covered_days.is_traffic_final,
        covered_days.is_final,
        covered_days.report_id,
        covered_days.extracted_at
    from campaign_days
    left join campaigns
        on
            campaign_days.store_id = campaigns.store_id
            and campaign_days.profile_id = campaigns.profile_id
            and campaign_days.ad_product = campaigns.ad_product
            and campaign_days.campaign_id = campaigns.campaign_id
            and campaign_days.date between campaigns.first_day and campaigns.last_day
    left join covered_days
        on
            campaign_days.store_id = covered_days.store_id
            and campaign_days.profile_id = covered_days.profile_id
            and campaign_days.ad_product = covered_days.ad_product
            and campaign_days.date = covered_days.date
    left join reported
        on
            campaign_days.store_id = reported.store_id
            and campaign_days.profile_id = reported.profile_id
            and campaign_days.ad_product = reported.ad_product
            and campaign_days.campaign_id = reported.campaign_id
            and campaign_days.date = reported.date
    left join profiles
        on
            campaign_days.store_id = profiles.store_id
            and campaign_days.profile_id = profiles.profile_id
),

filled as (
    select
        store_id,
        profile_id,
        ad_product,
        campaign_id,
        date,
        time_zone,
        marketplace_id,
        country_code,
        currency_code,
        account_type,
        account_name,
        campaign_name,
        state,
        portfolio_id,
        portfolio_name,
        targeting_type,
        cost_type,
        budget_amount,
        budget_type,
        start_date,
        end_date,
        is_listed,
        is_legacy,
        data_status,
        {%- for metric in metrics %}
            {{ or_no_activity(metric, 'is_reportable') }} as {{ metric }},
        {%- endfor %}
        {%- for metric in sponsored_products_metrics %}
            {{ or_no_activity(metric, "is_reportable and ad_product = 'SPONSORED_PRODUCTS'") }}
                as {{ metric }},
        {%- endfor %}
        {%- for metric in brands_and_display_metrics %}
            {{ or_no_activity(metric, "is_reportable and ad_product <> 'SPONSORED_PRODUCTS'") }}
                as {{ metric }},
        {%- endfor %}
        is_traffic_final,
        is_final,
        report_id,
        extracted_at
    from joined
),

with_default_window as (
    select
        *,
        {{ default_window_days('ad_product', 'account_type') }} as default_window_days,
        {{ in_default_window('sales', 'ad_product', 'account_type') }} as sales_default,
        {{ in_default_window('purchases', 'ad_product', 'account_type') }} as purchases_default,
        {{ in_default_window('units', 'ad_product', 'account_type') }} as units_default
    from filled
),

converted as (
    select
        with_default_window.*,
        exchange_rates.reporting_currency_code,
        exchange_rates.fx_rate,
        exchange_rates.fx_rate_date,
        {{ in_reporting('with_default_window.spend') }} as spend_reporting,
        {{ in_reporting('with_default_window.sales_default') }} as sales_default_reporting
    from with_default_window
    {{ exchange_rates('with_default_window') }}
)

select
    store_id,
    profile_id,
    ad_product,
    campaign_id,
    date,
    'profile' as day_basis,
    time_zone,
    marketplace_id,
    country_code,
    currency_code,
    account_type,
    account_name,
    campaign_name,
    state,
    portfolio_id,
    portfolio_name,
    targeting_type,
    cost_type,
    {{ money('budget_amount') }} as budget_amount,
    budget_type,
    start_date,
    end_date,
    is_listed,
    is_legacy,
    data_status,
    impressions,
    viewable_impressions,
    clicks,
    {{ money('spend') }} as spend,
    {{ ratio('clicks', 'impressions') }} as ctr,
    {{ money('spend / nullif(clicks, 0)') }} as cpc,
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
    {{ money('sales_14d_clicks') }} as sales_14d_clicks,
    purchases_14d_clicks,
    units_14d_clicks,
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
    {{ money('sales_14d_promoted') }} as sales_14d_promoted,
    purchases_14d_promoted,
    {{ money('sales_14d_new_to_brand') }} as sales_14d_new_to_brand,
    purchases_14d_new_to_brand,
    units_14d_new_to_brand,
    {{ ratio('spend', 'sales_1d') }} as acos_1d,
    {{ ratio('spend', 'sales_7d') }} as acos_7d,
    {{ ratio('spend', 'sales_14d') }} as acos_14d,
    {{ ratio('spend', 'sales_30d') }} as acos_30d,
    {{ ratio('spend', 'sales_14d_clicks') }} as acos_14d_clicks,
    default_window_days,
    {{ money('sales_default') }} as sales_default,
    purchases_default,
    units_default,
    {{ ratio('spend', 'sales_default') }} as acos_default,
    {{ ratio('sales_default', 'spend') }} as roas_default,
    reporting_currency_code,
    fx_rate,
    fx_rate_date,
    spend_reporting,
    sales_default_reporting,
    is_traffic_final,
    is_final,
    report_id,
    extracted_at,
    {{ built_at() }} as built_at
from converted
