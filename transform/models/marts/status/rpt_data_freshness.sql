with sp_runs as (
    select * from {{ ref('stg_amazon_sp__report_runs') }}
),

ads_runs as (
    select * from {{ ref('stg_amazon_ads__report_runs') }}
),

runs as (
    select
        store_id,
        'amazon_sp' as api,
        selling_partner_id as account_id,
        coalesce(region, '') as region,
        marketplace_ids,
        stream,
        day_basis,
        status,
        row_count,
        window_start,
        window_end,
        window_start_date,
        window_end_date,
        -- what was never asked for, because the run broke off before, failed when it was told
        coalesce(requested_at, extracted_at) as requested_at,
        extracted_at,
        report_id
    from sp_runs
    union all
    select
        store_id,
        'amazon_ads' as api,
        profile_id as account_id,
        coalesce(region, '') as region,
        null as marketplace_ids,
        stream,
        day_basis,
        status,
        row_count,
        window_start,
        window_end,
        window_start_date,
        window_end_date,
        -- what was never asked for, because the run broke off before, failed when it was told
        coalesce(requested_at, extracted_at) as requested_at,
        extracted_at,
        report_id
    from ads_runs
),

-- Windows as half-open stretches of time: a window of days ends where its last day does.
stretches as (
    select
        *,
        status in ('done', 'no_data') as is_complete,
        window_start_date is not null as is_of_days,
        coalesce({{ midnight('window_start_date') }}, window_start) as starts_at,
        coalesce(
            {{ days_later('window_end_date', 1) }}, window_end
        ) as ends_at
    from runs
),

windows as (
    select * from stretches
    where
        is_complete
        and starts_at < ends_at
),

{{ unbroken_stretches('windows', ['store_id', 'api', 'region', 'account_id', 'stream']) }},

coverage as (
    select
        store_id,
        api,
        region,
        account_id,
        stream,
        min(starts_at) as complete_from,
        max(ends_at) as complete_until,
        max(window_end_date) as complete_through_date
    from unbroken
    where gaps_before = 0
    group by store_id, api, region, account_id, stream
),

-- What is read marketplace by marketplace has several last runs: of those of the last day the one
-- that ended worst speaks for the stream.
last_by_marketplaces as (
    select
        *,
        max(requested_at) over (
            partition by store_id, api, region, account_id, stream
        ) as newest_request,
        row_number() over (
            partition by store_id, api, region, account_id, stream, marketplace_ids
            order by requested_at desc, extracted_at desc, report_id desc
        ) as recency
    from stretches
),

latest as (
    select
        *,
        row_number() over (
            partition by store_id, api, region, account_id, stream
            order by is_complete asc, requested_at desc, report_id desc
        ) as severity
    from last_by_marketplaces
    where
        recency = 1
        and requested_at > {{ days_later('newest_request', -1) }}
),

success as (
    select
        store_id,
        api,
        region,
        account_id,
        stream,
        max(extracted_at) as last_success_at
    from stretches
    where is_complete
    group by store_id, api, region, account_id, stream
)

select
    latest.store_id,
    latest.api,
    latest.region,
    latest.account_id,
    latest.stream,
    latest.day_basis,
    latest.extracted_at as last_run_at,
    latest.status as last_status,
    latest.row_count as last_row_count,
    success.last_success_at,
    {{ hours_between('success.last_success_at', as_of()) }} as hours_since_success,
    coverage.complete_from,
    coverage.complete_until,
    coverage.complete_through_date,
    {{ as_of() }} as as_of
from latest
left join success
    on
        latest.store_id = success.store_id
        and latest.api = success.api
        and latest.region = success.region
        and latest.account_id = success.account_id
        and latest.stream = success.stream
left join coverage
    on
        latest.store_id = coverage.store_id
        and latest.api = coverage.api
        and latest.region = coverage.region
        and latest.account_id = coverage.account_id
        and latest.stream = coverage.stream
where latest.severity = 1
