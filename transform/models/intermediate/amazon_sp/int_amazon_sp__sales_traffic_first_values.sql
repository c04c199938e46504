{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        schema='history',
        full_refresh=false,
        on_schema_change='fail',
        indexes=[
            {
                'columns': ['store_id', 'selling_partner_id', 'marketplace_id', 'date'],
                'unique': true
            }
        ]
    )
}}

with sales_traffic as (
    select * from {{ ref('fct_sales_traffic_daily') }}
)

select
    store_id,
    selling_partner_id,
    marketplace_id,
    date,
    currency_code,
    ordered_product_sales,
    units_ordered,
    sessions,
    page_views,
    extracted_at as first_seen_at
from sales_traffic
where
    -- a day that is not over yet has no value to restate
    {{ local_date('extracted_at', 'time_zone') }} > date
    {%- if is_incremental() %}
        and not exists (
            select 1
            from {{ this }} as known
            where
                known.store_id = sales_traffic.store_id
                and known.selling_partner_id = sales_traffic.selling_partner_id
                and known.marketplace_id = sales_traffic.marketplace_id
                and known.date = sales_traffic.date
        )
    {%- endif %}
