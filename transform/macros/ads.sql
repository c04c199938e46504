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
