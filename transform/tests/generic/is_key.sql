{#- The columns are a key: none of them is NULL, and together they identify a row. One test for both,
    since every test costs a build time. `recent_by` as in unique_combination_of_columns. -#}
{% test is_key(model, columns, recent_by=none) %}
select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
{%- if recent_by %}
where {{ recent_by }} >= {{ days_later(as_of(), -var('tested_days')) }}
    or {{ recent_by }} is null
{%- endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    or {{ columns | join(' is null\n    or ') }} is null
{% endtest %}
