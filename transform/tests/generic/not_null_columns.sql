{#- None of the columns is NULL: one test for a whole key. -#}
{% test not_null_columns(model, columns) %}
select *
from {{ model }}
where {{ columns | join(' is null\n    or ') }} is null
{% endtest %}
