{{ config(enabled=var('shopify_source') == 'airbyte') }}

-- the connector reads the first and the last visit alone, of however many
with summaries as (
    {{ typed_source('shopify_airbyte', 'customer_journey_summary') }}
),

visits as (
    select
        order_id,
        1 as moment_ordinal,
        {{ json_part('customer_journey_summary', 'first_visit') }} as visit,
        _airbyte_extracted_at
    from summaries
    union all
    select
        order_id,
        2 as moment_ordinal,
        {{ json_part('customer_journey_summary', 'last_visit') }} as visit,
        _airbyte_extracted_at
    from summaries
    -- a journey of one visit tells it twice
    where
        {{ json_text('customer_journey_summary', 'first_visit', 'id') }}
        is distinct from {{ json_text('customer_journey_summary', 'last_visit', 'id') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    order_id,
    moment_ordinal,
    {{ json_timestamp('visit', 'occurred_at') }} as occurred_at,
    coalesce(
        {{ json_text('visit', 'utm_parameters', 'source') }}, {{ json_text('visit', 'source') }}
    ) as source,
    {{ json_text('visit', 'source_type') }} as source_type,
    {{ json_text('visit', 'utm_parameters', 'medium') }} as medium,
    {{ json_text('visit', 'utm_parameters', 'campaign') }} as campaign,
    {{ json_text('visit', 'utm_parameters', 'content') }} as content,
    {{ json_text('visit', 'utm_parameters', 'term') }} as term,
    {{ json_text('visit', 'landing_page') }} as landing_page,
    {{ json_text('visit', 'referrer_url') }} as referrer_url,
    _airbyte_extracted_at as extracted_at
from visits
where {{ json_text('visit', 'id') }} is not null
