{{
    config(
        indexes=[
            {
                'columns': ['store_id', 'profile_id', 'ad_product', 'campaign_id', 'valid_from'],
                'unique': true
            }
        ]
    )
}}

with versions as (
    select * from {{ ref('int_amazon_ads__campaign_versions') }}
),

reported as (
    select * from {{ ref('fct_ads_campaign_daily') }}
),

ordered as (
    select
        *,
        {{ whole('row_number() over campaign') }} as version_number,
        lead(valid_from) over campaign as valid_to,
        {{ local_date('valid_from', "coalesce(time_zone, 'UTC')") }} as seen_on,
        {{ local_date('lead(valid_from) over campaign', "coalesce(time_zone, 'UTC')") }}
            as replaced_on
    from versions
    window
        campaign as (
            partition by store_id, profile_id, ad_product, campaign_id
            order by valid_from
        )
),

-- What Amazon no longer lists is known from its reports alone, by its newest one.
unlisted as (
    select
        reported.*,
        row_number() over (
            partition by
                reported.store_id, reported.profile_id, reported.ad_product, reported.campaign_id
            order by reported.date desc
        ) as recency
    from reported
    where
        not exists (
            select 1
            from versions
            where
                versions.store_id = reported.store_id
                and versions.profile_id = reported.profile_id
                and versions.ad_product = reported.ad_product
                and versions.campaign_id = reported.campaign_id
        )
)

select
    store_id,
    profile_id,
    ad_product,
    campaign_id,
    valid_from,
    valid_to,
    valid_to is null as is_current,
    version_number,
    -- before it was first seen, a campaign is taken to have been what it was then
    case when version_number = 1 then cast('0001-01-01' as date) else seen_on end as first_day,
    coalesce({{ next_day('replaced_on', -1) }}, cast('9999-12-31' as date)) as last_day,
    true as is_listed,
    campaign_name,
    state,
    portfolio_id,
    portfolio_name,
    targeting_type,
    cost_type,
    {{ money('budget_amount') }} as budget_amount,
    budget_type,
    start_date,
    end_date,
    is_legacy
from ordered
union all
select
    store_id,
    profile_id,
    ad_product,
    campaign_id,
    extracted_at as valid_from,
    null as valid_to,
    true as is_current,
    {{ whole(1) }} as version_number,
    cast('0001-01-01' as date) as first_day,
    cast('9999-12-31' as date) as last_day,
    false as is_listed,
    campaign_name,
    campaign_status as state,
    null as portfolio_id,
    null as portfolio_name,
    null as targeting_type,
    cost_type,
    campaign_budget_amount as budget_amount,
    campaign_budget_type as budget_type,
    null as start_date,
    null as end_date,
    false as is_legacy
from unlisted
where recency = 1
