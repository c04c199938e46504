{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'selling_partner_id', 'stream', 'marketplace_id', 'date'],
        on_schema_change='fail',
        indexes=[
            {
                'columns': ['store_id', 'selling_partner_id', 'stream', 'date', 'marketplace_id'],
                'unique': true
            },
            {'columns': ['built_at']}
        ]
    )
}}

with report_runs as (
    select * from {{ ref('stg_amazon_sp__report_runs') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

-- A snapshot is of one moment in one marketplace: its day is the marketplace's day of that moment.
runs as (
    select
        report_runs.store_id,
        report_runs.selling_partner_id,
        report_runs.region,
        report_runs.stream,
        report_runs.marketplace_ids,
        report_runs.status,
        report_runs.report_id,
        report_runs.row_count,
        report_runs.requested_at,
        report_runs.generated_at,
        report_runs.extracted_at,
        coalesce(
            report_runs.window_start_date,
            {{ local_date('report_runs.requested_at', 'marketplaces.time_zone') }}
        ) as window_start_date,
        coalesce(
            report_runs.window_end_date,
            {{ local_date('report_runs.requested_at', 'marketplaces.time_zone') }}
        ) as window_end_date
    from report_runs
    left join marketplaces
        on
            report_runs.marketplace_ids = marketplaces.marketplace_id
            and report_runs.window_start = report_runs.window_end
            and report_runs.day_basis = 'marketplace'
),

{{ newest_runs_by_day('runs', 'selling_partner_id', by_marketplace=true) }}
