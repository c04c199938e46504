{#- The condition holds for every row; a row for which it is unknown fails. -#}
{% test holds(model, condition) %}
select *
from {{ model }}
where not coalesce({{ condition }}, false)
{% endtest %}
