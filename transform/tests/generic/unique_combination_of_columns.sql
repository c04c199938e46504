{#- The combination of columns identifies a row. `recent_by` names a date: only rows of its last
    `tested_days` (var) are looked at, for views over raw tables whose own keys are unique. -#}
{% test unique_combination_of_columns(model, combination, recent_by=none) %}
select
    {{ combination | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
{%- if recent_by %}
where {{ recent_by }} >= {{ days_later(as_of(), -var('tested_days')) }}
{%- endif %}
group by {{ combination | join(', ') }}
having count(*) > 1
{% endtest %}
