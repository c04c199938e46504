{#- Advertising. -#}

{#- A campaign day's metric: as reported; 0 where a report that would have it has no row for the day;
    NULL where nobody knows. -#}
{% macro or_no_activity(metric, is_reportable) -%}
    case when data_status = 'reported' then {{ metric }} when {{ is_reportable }} then 0 end
{%- endmacro %}

{#- The attribution window, in days, that Amazon's console shows for the ad product and account. -#}
{% macro default_window_days(ad_product, account_type) -%}
    case
        when {{ ad_product }} <> 'SPONSORED_PRODUCTS' then 14
        when {{ account_type }} = 'vendor' then {{ var('acos_window_vendor') }}
        else {{ var('acos_window_seller') }}
    end
{%- endmacro %}

{#- A measure (sales, purchases, units) in that window. -#}
{% macro in_default_window(measure, ad_product, account_type) -%}
    case
        when {{ ad_product }} <> 'SPONSORED_PRODUCTS' then {{ measure }}_14d
        when {{ account_type }} = 'vendor' then {{ measure }}_{{ var('acos_window_vendor') }}d
        else {{ measure }}_{{ var('acos_window_seller') }}d
    end
{%- endmacro %}

{#- What reports below the campaign measure, in the marts' names and in one order. -#}
{% macro ad_measures() -%}
    {%- set names = ['impressions', 'viewable_impressions', 'clicks', 'spend'] -%}
    {%- for suffix in ['', '_same_sku'] -%}
        {%- for measure in ['sales', 'purchases', 'units'] -%}
            {%- for window in ['1d', '7d', '14d', '30d'] -%}
                {%- do names.append(measure ~ '_' ~ window ~ suffix) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do names.extend([
        'sales_14d_clicks', 'purchases_14d_clicks', 'units_14d_clicks',
        'sales_14d_promoted', 'purchases_14d_promoted',
        'sales_14d_new_to_brand', 'purchases_14d_new_to_brand', 'units_14d_new_to_brand',
        'detail_page_views_14d', 'branded_searches_14d'
    ]) -%}
    {{ return(names) }}
{%- endmacro %}

{#- Columns: those measures of an ad product's report, money as money. What the ad product does not
    offer, or the report lacks (names as in the report), is NULL; no window is made of another. -#}
{% macro measures_of(ad_product, lacks=[]) -%}
    {%- set raw = {'impressions': 'impressions', 'clicks': 'clicks', 'spend': 'cost'} -%}
    {%- if ad_product == 'SPONSORED_PRODUCTS' -%}
        {%- for window in ['1d', '7d', '14d', '30d'] -%}
            {%- do raw.update({
                'sales_' ~ window: 'sales_' ~ window,
                'purchases_' ~ window: 'purchases_' ~ window,
                'units_' ~ window: 'units_sold_clicks_' ~ window,
                'sales_' ~ window ~ '_same_sku': 'attributed_sales_same_sku_' ~ window,
                'purchases_' ~ window ~ '_same_sku': 'purchases_same_sku_' ~ window,
                'units_' ~ window ~ '_same_sku': 'units_sold_same_sku_' ~ window
            }) -%}
        {%- endfor -%}
        {%- do raw.update({
            'sales_14d_clicks': 'sales_14d',
            'purchases_14d_clicks': 'purchases_14d',
            'units_14d_clicks': 'units_sold_clicks_14d'
        }) -%}
    {%- else -%}
        {%- set is_brands = ad_product == 'SPONSORED_BRANDS' -%}
        {%- do raw.update({
            'viewable_impressions': 'viewable_impressions' if is_brands else 'impressions_views',
            'sales_14d': 'sales',
            'purchases_14d': 'purchases',
            'units_14d': 'units_sold',
            'sales_14d_clicks': 'sales_clicks',
            'purchases_14d_clicks': 'purchases_clicks',
            'units_14d_clicks': 'units_sold_clicks',
            'sales_14d_promoted': 'sales_promoted' if is_brands else 'sales_promoted_clicks',
            'purchases_14d_promoted':
                'purchases_promoted' if is_brands else 'purchases_promoted_clicks',
            'sales_14d_new_to_brand': 'new_to_brand_sales',
            'purchases_14d_new_to_brand': 'new_to_brand_purchases',
            'units_14d_new_to_brand': 'new_to_brand_units_sold'
        }) -%}
        {%- if is_brands -%}
            {%- do raw.update({
                'detail_page_views_14d': 'detail_page_views',
                'branded_searches_14d': 'branded_searches'
            }) -%}
        {%- endif -%}
    {%- endif -%}
    {%- for name in ad_measures() %}
        {%- set column = raw.get(name) %}
        {%- set type = 'numeric(18, 4)' if name == 'spend' or name.startswith('sales') else dbt.type_bigint() %}
    cast({{ 'null' if column is none or column in lacks else column }} as {{ type }}) as {{ name }}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{#- Aggregate: the sum of a measure by one of those names, money as money. -#}
{% macro summed(measure) -%}
    {%- if measure == 'spend' or 'sales' in measure -%}
        {{ money('sum(' ~ measure ~ ')') }}
    {%- else -%}
        {{ whole('sum(' ~ measure ~ ')') }}
    {%- endif -%}
{%- endmacro %}

{#- What touches a fact of reports by day: a newer report of the day, and age. -#}
{% macro touched_by_reports(streams) -%}
    {{ return([{
        'by': ['store_id', 'profile_id', 'date'],
        'rebuilt_in': ['stg_amazon_ads__report_days'],
        'where': "fresh.stream in ('" ~ streams | join("', '") ~ "')",
        'final': {
            'is_traffic_final': var('ads_traffic_final_days'),
            'is_final': var('ads_conversions_final_days')
        }
    }]) }}
{%- endmacro %}
