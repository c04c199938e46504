{#- What tells products apart and brings Amazon's together with the shop's. -#}

{#- The ASIN of a listing: its own column, else a product id that has an ASIN's form. -#}
{% macro listed_asin(asin, product_id) -%}
    coalesce(nullif({{ asin }}, ''), case when {{ product_id }} like 'B%' then {{ product_id }} end)
{%- endmacro %}

{#- A barcode in the form in which EAN, UPC, JAN and GTIN of one product are the same: 14 digits, zeros
    in front. NULL for what is none. -#}
{% macro gtin(barcode) -%}
    {{ return(adapter.dispatch('gtin')(barcode)) }}
{%- endmacro %}

{% macro postgres__gtin(barcode) -%}
    case
        when regexp_replace({{ barcode }}, '[\s-]', '', 'g') ~ '^[0-9]{8,14}$'
            then lpad(regexp_replace({{ barcode }}, '[\s-]', '', 'g'), 14, '0')
    end
{%- endmacro %}

{#- First and last day of what is so always. -#}
{% macro first_of_days() -%}cast('0001-01-01' as date){%- endmacro %}
{% macro last_of_days() -%}cast('9999-12-31' as date){%- endmacro %}

{#- The day before the first whose sales rpt_product_coverage counts. -#}
{% macro coverage_begins() -%}
    {{ days_later(local_today("'UTC'"), -var('product_coverage_days')) }}
{%- endmacro %}
