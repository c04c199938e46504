{{ config(enabled=var('shopify_source') == 'tap_shopify') }}

with moments as (
    {{ typed_source('shopify', 'order_journey_moments') }}
),

journeys as (
    {{ typed_source('shopify', 'order_journeys') }}
)

select
    moments.store_id,
    {{ shopify_id('moments.order_id') }} as order_id,
    moments.moment_ordinal,
    moments.occurred_at,
    coalesce(moments.utm_source, moments.source) as source,
    moments.source_type,
    moments.utm_medium as medium,
    moments.utm_campaign as campaign,
    moments.utm_content as content,
    moments.utm_term as term,
    moments.landing_page,
    moments.referrer_url,
    moments.extracted_at
from moments
-- those of the journey's newest version: one that shrank leaves no orphans
inner join journeys
    on
        moments.store_id = journeys.store_id
        and moments.order_id = journeys.order_id
        and moments.order_updated_at = journeys.order_updated_at
