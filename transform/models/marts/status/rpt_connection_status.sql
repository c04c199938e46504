with states as (
    select * from {{ ref('base_ops__connection_states') }}
),

freshness as (
    select * from {{ ref('rpt_data_freshness') }}
),

profiles as (
    select * from {{ ref('stg_amazon_ads__profiles') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where is_current
),

campaign_days as (
    select * from {{ ref('rpt_campaigns_amazon') }}
    where date > {{ days_later(as_of(), -8) }}
),

read_so_far as (
    select
        store_id,
        api,
        region,
        count(*) as streams_read,
        count(case when last_status in ('failed', 'expired', 'incomplete') then 1 end)
            as failing_streams,
        max(last_run_at) as last_run_at,
        max(last_success_at) as last_success_at,
        -- as far as every stream that is read by days has it
        min(complete_through_date) as complete_through_date
    from freshness
    group by store_id, api, region
),

-- What is read without the control plane (from .env) is known by its data alone.
connections as (
    select
        coalesce(states.store_id, read_so_far.store_id) as store_id,
        coalesce(states.api, read_so_far.api) as api,
        coalesce(states.region, read_so_far.region) as region,
        states.state,
        states.reason,
        states.remedy,
        states.account_id,
        states.account_name,
        states.authorised_at,
        states.expires_at,
        states.last_attempt_at,
        states.last_success_at,
        states.next_refresh_at,
        read_so_far.streams_read,
        read_so_far.failing_streams,
        read_so_far.last_run_at as last_read_at,
        read_so_far.last_success_at as last_read_success_at,
        read_so_far.complete_through_date
    from states
    full outer join read_so_far
        on
            states.store_id = read_so_far.store_id
            and states.api = read_so_far.api
            and states.region = read_so_far.region
),

regions as (
    select
        freshness.store_id,
        freshness.account_id as profile_id,
        max(freshness.region) as region
    from freshness
    where freshness.api = 'amazon_ads'
    group by freshness.store_id, freshness.account_id
),

profiles_read as (
    select
        regions.store_id,
        regions.region,
        count(*) as profiles_seen,
        count(case when profiles.is_selected then 1 end) as profiles_read
    from regions
    inner join profiles
        on
            regions.store_id = profiles.store_id
            and regions.profile_id = profiles.profile_id
    group by regions.store_id, regions.region
),

listed as (
    select
        regions.store_id,
        regions.region,
        count(case when campaigns.state = 'ENABLED' then 1 end) as enabled_campaigns,
        count(case when campaigns.state = 'ENABLED' and campaigns.is_legacy then 1 end)
            as enabled_legacy_campaigns
    from regions
    inner join campaigns
        on
            regions.store_id = campaigns.store_id
            and regions.profile_id = campaigns.profile_id
    where campaigns.is_listed
    group by regions.store_id, regions.region
),

spent as (
    select
        regions.store_id,
        regions.region,
        count(case when campaign_days.spend <> 0 then 1 end) as rows_with_spend,
        count(case when campaign_days.data_status = 'not_covered' then 1 end) as rows_not_covered
    from regions
    inner join campaign_days
        on
            regions.store_id = campaign_days.store_id
            and regions.profile_id = campaign_days.profile_id
    group by regions.store_id, regions.region
)

select
    connections.store_id,
    connections.api,
    connections.region,
    connections.state,
    connections.reason,
    connections.remedy,
    connections.account_id,
    connections.account_name,
    connections.authorised_at,
    connections.expires_at,
    connections.last_attempt_at,
    coalesce(connections.last_success_at, connections.last_read_success_at) as last_success_at,
    connections.next_refresh_at,
    connections.streams_read,
    connections.failing_streams,
    connections.last_read_at,
    connections.complete_through_date,
    listed.enabled_campaigns,
    listed.enabled_legacy_campaigns,
    case when connections.api = 'amazon_ads' then coalesce(spent.rows_with_spend, 0) = 0 end
        as is_spend_zero,
    -- the first of the checklist that holds, the surest first
    case
        when connections.api <> 'amazon_ads' or coalesce(spent.rows_with_spend, 0) > 0 then null
        when connections.state in ('needs_reauth', 'no_ads_profile', 'disconnected', 'error')
            then connections.state
        when coalesce(profiles_read.profiles_read, 0) = 0 then 'no_profile_read'
        when coalesce(connections.failing_streams, 0) > 0 then 'reports_failed'
        when coalesce(spent.rows_not_covered, 0) > 0 then 'days_not_read'
        when coalesce(listed.enabled_campaigns, 0) = 0 then 'no_enabled_campaign'
        when listed.enabled_legacy_campaigns = listed.enabled_campaigns then 'only_legacy_campaigns'
        else 'nothing_spent'
    end as why_spend_is_zero,
    {{ as_of() }} as as_of
from connections
left join profiles_read
    on
        connections.store_id = profiles_read.store_id
        and connections.region = profiles_read.region
        and connections.api = 'amazon_ads'
left join listed
    on
        connections.store_id = listed.store_id
        and connections.region = listed.region
        and connections.api = 'amazon_ads'
left join spent
    on
        connections.store_id = spent.store_id
        and connections.region = spent.region
        and connections.api = 'amazon_ads'
