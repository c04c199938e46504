with report_runs as (
    select * from {{ ref('base_amazon_ads__report_runs') }}
)

select
    store_id,
    profile_id,
    stream,
    report_id,
    report_type,
    region,
    window_start,
    window_end,
    window_start_date,
    window_end_date,
    day_basis,
    lower(status) as status,
    row_count,
    requested_at,
    generated_at,
    extracted_at
from report_runs
