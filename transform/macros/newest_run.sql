{#- Newest run of a day. A report is asked for the same day again and again, and a row that its
    newest run no longer has must go (invalid clicks taken back, for one), though the raw table
    still holds it. The taps' report_runs say which run covered which days. -#}

{#- CTEs and a query: the newest complete run of every (account, stream[, marketplace], day), a run
    without any row included. `marketplace_id` is '*' where a run was for every marketplace.

    An incremental build looks at the runs delivered since and at the newest known so far: the
    newest of both is the newest of all, so a full refresh gives the same rows. An account's runs
    are told in order, though possibly by a later load than their rows'; what was delivered up to
    incremental_overlap_hours before the newest known is looked at again, since a load in progress
    shows its rows late. Days whose newest run is already known are left alone. -#}
{% macro newest_runs_by_day(runs, account, by_marketplace=false) -%}
{%- set key = ['store_id', account, 'stream'] + (['marketplace_id'] if by_marketplace else []) + ['date'] -%}
{%- set columns = key + ['region', 'report_id', 'row_count', 'requested_at', 'generated_at', 'extracted_at'] -%}
complete_runs as (
    select runs.*
    from {{ runs }} as runs
    {%- if is_incremental() %}
    left join (
        select
            store_id,
            {{ account }},
            region,
            max(extracted_at) as extracted_at
        from {{ this }}
        group by store_id, {{ account }}, region
    ) as seen
        on
            runs.store_id = seen.store_id
            and runs.{{ account }} = seen.{{ account }}
            and runs.region is not distinct from seen.region
    {%- endif %}
    where
        runs.status in ('done', 'no_data')
        and runs.window_start_date is not null
        and runs.window_end_date is not null
        {%- if is_incremental() %}
        and (
            seen.extracted_at is null
            or runs.extracted_at > {{ dbt.dateadd(
                'hour', -var('incremental_overlap_hours'), 'seen.extracted_at'
            ) }}
        )
        {%- endif %}
),

run_days as (
    select
        complete_runs.store_id,
        complete_runs.{{ account }},
        complete_runs.region,
        complete_runs.stream,
        {%- if by_marketplace %}
        parts.marketplace_id,
        {%- endif %}
        days.date,
        complete_runs.report_id,
        complete_runs.row_count,
        complete_runs.requested_at,
        complete_runs.generated_at,
        complete_runs.extracted_at
    from complete_runs
    {{ each_day('complete_runs.window_start_date', 'complete_runs.window_end_date', 'date') }}
    {%- if by_marketplace %}
    {{ each_part('complete_runs.marketplace_ids', 'marketplace_id') }}
    {%- endif %}
),

candidates as (
    select
        {{ columns | join(',\n        ') }},
        false as is_known
    from run_days
    {%- if is_incremental() %}
    union all
    select
        {{ columns | join(',\n        ') }},
        true as is_known
    from {{ this }} as known
    where
        ({{ key | join(', ') }}) in (select {{ key | join(', ') }} from run_days)
    {%- endif %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by
                requested_at desc nulls last,
                generated_at desc nulls last,
                extracted_at desc,
                report_id desc,
                is_known desc
        ) as recency
    from candidates
)

select
    {{ columns | join(',\n    ') }},
    {{ built_at() }} as built_at
from ranked
where
    recency = 1
    and not is_known
{%- endmacro %}

{#- Condition: the row still stands. It falls when a complete run that covers its day was delivered
    after it and is not its own; a row newer than every complete run (its own run is still under
    way) stands. Rows that belong to no marketplace but to a region are told apart by that, since one
    seller id may serve several regions. -#}
{% macro in_newest_run(row, runs_by_day, account, stream, day='date', by_marketplace=false, by_region=false) -%}
not exists (
    select 1
    from {{ runs_by_day }} as newest
    where
        {{ covers(row, account, stream, day, by_marketplace, by_region) }}
        and newest.extracted_at > {{ row }}.extracted_at
        and newest.report_id is distinct from {{ row }}.report_id
)
{%- endmacro %}

{#- Condition: some complete run covers the row's day. -#}
{% macro in_complete_run(row, runs_by_day, account, stream, day='date', by_marketplace=false, by_region=false) -%}
exists (
    select 1
    from {{ runs_by_day }} as newest
    where
        {{ covers(row, account, stream, day, by_marketplace, by_region) }}
)
{%- endmacro %}

{% macro covers(row, account, stream, day, by_marketplace, by_region) -%}
        newest.store_id = {{ row }}.store_id
        and newest.{{ account }} = {{ row }}.{{ account }}
        and newest.stream = '{{ stream }}'
        and newest.date = {{ row }}.{{ day }}
        {%- if by_marketplace %}
        and newest.marketplace_id in ('*', {{ row }}.marketplace_id)
        {%- endif %}
        {%- if by_region %}
        and newest.region = {{ row }}.region
        {%- endif %}
{%- endmacro %}
