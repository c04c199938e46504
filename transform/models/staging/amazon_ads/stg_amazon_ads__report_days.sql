{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'profile_id', 'stream', 'date'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'profile_id', 'stream', 'date'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with runs as (
    select * from {{ ref('stg_amazon_ads__report_runs') }}
),

{{ newest_runs_by_day('runs', 'profile_id') }}
