{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with journeys as (
    {{ typed_source('shopify', 'order_journeys') }}
)

select
    store_id,
    {{ shopify_id('order_id') }} as order_id,
    is_ready,
    moments_count,
    extracted_at
from journeys
