{#- Time. Timestamps are without zone and always UTC; a date is a day of the basis its row names. -#}

{#- The instant that counts as now, one for the whole run: var as_of, else the run's start. -#}
{% macro as_of() -%}
    {%- set given = var('as_of', none) -%}
    {%- if given -%}
        {%- set moment = modules.datetime.datetime.fromisoformat(given | string | replace('Z', '+00:00')) -%}
        {%- if moment.tzinfo is none -%}
            {{ exceptions.raise_compiler_error(
                "var as_of needs an offset or Z, for example 2026-11-24T18:00:00Z; it is " ~ given
            ) }}
        {%- endif -%}
        {%- set moment = moment.astimezone(modules.pytz.utc) -%}
    {%- else -%}
        {%- set moment = run_started_at -%}
    {%- endif -%}
    cast('{{ moment.strftime("%Y-%m-%d %H:%M:%S") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- The day on which a UTC instant falls in a time zone (IANA name: a column or a quoted text). -#}
{% macro local_date(instant, time_zone) -%}
    {{ return(adapter.dispatch('local_date')(instant, time_zone)) }}
{%- endmacro %}

{% macro postgres__local_date(instant, time_zone) -%}
    cast((({{ instant }}) at time zone 'UTC') at time zone {{ time_zone }} as date)
{%- endmacro %}

{#- Today in a time zone, by as_of. -#}
{% macro local_today(time_zone) -%}
    {{ local_date(as_of(), time_zone) }}
{%- endmacro %}

{#- Whether a day is final: it lies at least `days` before today in its own zone. -#}
{% macro is_final(day, time_zone, days) -%}
    ({{ day }} <= {{ dbt.dateadd('day', -days, local_today(time_zone)) }})
{%- endmacro %}

{#- An instant some minutes later. -#}
{% macro minutes_later(moment, minutes) -%}
    {{ dbt.dateadd("minute", minutes, moment) }}
{%- endmacro %}

{#- Hours from one instant to another, two places. -#}
{% macro hours_between(earlier, later) -%}
    {{ return(adapter.dispatch('hours_between')(earlier, later)) }}
{%- endmacro %}

{% macro postgres__hours_between(earlier, later) -%}
    cast(extract(epoch from {{ later }} - {{ earlier }}) / 3600 as numeric(12, 2))
{%- endmacro %}

{#- The first instant of a date, in that date's own basis. -#}
{% macro midnight(day) -%}
    cast({{ day }} as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- A date or instant some days later (or, with a minus, before). -#}
{% macro days_later(moment, days) -%}
    {{ dbt.dateadd('day', days, moment) }}
{%- endmacro %}

{#- The UTC instant at which a day begins in a time zone. -#}
{% macro utc_midnight(day, time_zone) -%}
    {{ return(adapter.dispatch('utc_midnight')(day, time_zone)) }}
{%- endmacro %}

{% macro postgres__utc_midnight(day, time_zone) -%}
    ((cast({{ day }} as timestamp) at time zone {{ time_zone }}) at time zone 'UTC')
{%- endmacro %}

{#- An instant some seconds later (or, with a minus, before). -#}
{% macro seconds_later(moment, seconds) -%}
    {{ dbt.dateadd('second', seconds, moment) }}
{%- endmacro %}

{#- The date some days after a date (or, with a minus, before), as a date. -#}
{% macro next_day(day, days=1) -%}
    cast({{ dbt.dateadd('day', days, day) }} as date)
{%- endmacro %}

{#- An instant (UTC). -#}
{% macro instant(expression) -%}
    cast({{ expression }} as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- The first day of a date's or instant's month. -#}
{% macro month_of(moment) -%}
    cast({{ dbt.date_trunc('month', moment) }} as date)
{%- endmacro %}

{#- The last day of the month that begins on a date. -#}
{% macro last_of_month(first_day) -%}
    {{ next_day(dbt.dateadd('month', 1, first_day), -1) }}
{%- endmacro %}
