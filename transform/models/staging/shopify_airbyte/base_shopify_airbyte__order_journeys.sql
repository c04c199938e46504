{{ config(enabled=var('shopify_source') == 'airbyte') }}

with summaries as (
    {{ typed_source('shopify_airbyte', 'customer_journey_summary') }}
)

select
    {{ given_text('shopify_store_id') }} as store_id,
    order_id,
    {{ json_text('customer_journey_summary', 'ready') }} as is_ready,
    {{ json_number('customer_journey_summary', 'moments_count', 'count') }} as moments_count,
    _airbyte_extracted_at as extracted_at
from summaries
