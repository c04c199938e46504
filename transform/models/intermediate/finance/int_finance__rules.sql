{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id'],
        on_schema_change='fail'
    )
}}

with stores as (
    select * from {{ ref('int_stores') }}
),

rules as (
    select {{ row_digest(ref('financial_classes')) }} as digest
    union all
    select {{ row_digest(ref('financial_kinds')) }} as digest
    union all
    select {{ row_digest(ref('vat_rates')) }} as digest
    union all
    select {{ row_digest(ref('amazon_marketplaces')) }} as digest
),

digests as (
    select
        stores.store_id,
        {{ joined_texts('rules.digest') }} || ' ' || stores.primary_time_zone as digest
    from stores
    cross join rules
    group by stores.store_id, stores.primary_time_zone
)

select
    digests.store_id,
    digests.digest,
    {{ built_at() }} as built_at
from digests
{% if is_incremental() %}
    left join {{ this }} as known on digests.store_id = known.store_id
    where digests.digest is distinct from known.digest
{% endif %}
