{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'date'],
        on_schema_change='fail',
        indexes=[{'columns': ['store_id', 'date'], 'unique': true}, {'columns': ['built_at']}]
    )
}}

with sessions as (
    {{ typed_source('shop_analytics', 'sessions_daily') }}
)

select
    sessions.store_id,
    sessions.date,
    sessions.sessions,
    {{ built_at() }} as built_at
from sessions
{% if is_incremental() %}
    left join {{ this }} as known
        on
            sessions.store_id = known.store_id
            and sessions.date = known.date
    where sessions.sessions is distinct from known.sessions
{% endif %}
