{{ config(materialized='table') }}

with bounds as (
    select
        cast('2015-01-01' as date) as first_day,
        {{ next_day(as_of(), 366) }} as last_day
)

select days.date
from bounds
{{ each_day('bounds.first_day', 'bounds.last_day', 'date') }}
