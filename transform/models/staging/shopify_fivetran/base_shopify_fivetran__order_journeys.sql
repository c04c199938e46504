{{ config(enabled=var('shopify_source') == 'fivetran') }}

-- the connector reads no journeys
{{ no_rows(['store_id', 'order_id', 'is_ready', 'moments_count', 'extracted_at']) }}
