{{ config(enabled=var('shopify_source') == 'fivetran') }}

-- the connector reads no journeys
{{ no_rows([
    'store_id', 'order_id', 'moment_ordinal', 'occurred_at', 'source', 'source_type', 'medium',
    'campaign', 'content', 'term', 'landing_page', 'referrer_url', 'extracted_at'
]) }}
