{#- What an amount that customers see contains: includes_tax, excludes_tax, or NULL: not known. -#}
{% macro tax_basis(prices_include_tax) -%}
    case {{ prices_include_tax }} when true then 'includes_tax' when false then 'excludes_tax' end
{%- endmacro %}
