{#- CTEs `reaching` and `unbroken`: a relation's stretches of time (starts_at, ends_at, half open) with
    `gaps_before`, how many gaps lie before each one within `by`. Stretches of one number cover time
    without a gap. One opens where a stretch begins after everything before it has ended. -#}
{% macro unbroken_stretches(relation, by) -%}
reaching as (
    select
        *,
        max(ends_at) over (
            partition by {{ by | join(', ') }}
            order by starts_at, ends_at
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from {{ relation }}
),

unbroken as (
    select
        *,
        sum(case when starts_at > reached_before then 1 else 0 end) over (
            partition by {{ by | join(', ') }}
            order by starts_at, ends_at
            rows between unbounded preceding and current row
        ) as gaps_before
    from reaching
)
{%- endmacro %}
