{#- None of the columns is NULL: one test for a whole key. `recent_by` as in
    unique_combination_of_columns. -#}
{% test not_null_columns(model, columns, recent_by=none) %}
select *
from {{ model }}
where
    ({{ columns | join(' is null\n    or ') }} is null)
    {%- if recent_by %}
    and {{ recent_by }} >= {{ days_later(as_of(), -var('tested_days')) }}
    {%- endif %}
{% endtest %}
