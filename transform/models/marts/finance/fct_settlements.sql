{{
    config(
        materialized='table',
        indexes=[{'columns': ['store_id', 'selling_partner_id', 'settlement_id'], 'unique': true}]
    )
}}

with settlements as (
    select * from {{ ref('int_finance__settlements') }}
),

lines as (
    select * from {{ ref('fct_financial_lines') }}
    where source = 'settlement'
),

event_groups as (
    select * from {{ ref('int_finance__event_groups') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select * from {{ ref('int_stores') }}
),

sums as (
    select
        store_id,
        selling_partner_id,
        settlement_id,
        count(*) as ledger_lines,
        sum(amount) as lines_total,
        coalesce(sum(amount) filter (where is_of_order), 0) as orders_part,
        coalesce(sum(amount) filter (where not is_of_order), 0) as unallocated_part,
        coalesce(sum(amount) filter (where class = 'advertising'), 0) as advertising,
        coalesce(sum(amount) filter (where class = 'other_unmapped'), 0) as other_unmapped,
        coalesce(sum(amount) filter (where class = 'reserve' and amount > 0), 0)
            as reserve_released,
        coalesce(sum(amount) filter (where class = 'reserve' and amount < 0), 0) as reserve_held,
        coalesce(sum(amount) filter (where class = 'carried_balance'), 0) as carried_in,
        coalesce(sum(amount) filter (where class = 'transfer'), 0) as transfers_in
    from lines
    group by store_id, selling_partner_id, settlement_id
),

dated as (
    select
        settlements.*,
        marketplaces.country_code,
        coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC') as time_zone
    from settlements
    left join stores on settlements.store_id = stores.store_id
    left join marketplaces on settlements.marketplace_id = marketplaces.marketplace_id
),

days as (
    select
        *,
        {{ local_date('ends_at', 'time_zone') }} as settled_date,
        {{ local_date('deposit_at', 'time_zone') }} as deposit_date
    from dated
)

select
    days.store_id,
    days.selling_partner_id,
    days.settlement_id,
    days.region,
    days.account_type,
    days.marketplace_id,
    days.country_code,
    days.time_zone,
    days.starts_at,
    days.ends_at,
    days.deposit_at,
    days.settled_date,
    days.deposit_date,
    days.currency_code,
    {{ money('days.header_total') }} as header_total,
    case
        when not days.is_whole then 'incomplete'
        when not days.takes_over then 'waits_for_group'
        else 'in_ledger'
    end as ledger_state,
    days.line_count,
    days.loaded_lines,
    coalesce(sums.ledger_lines, 0) as ledger_lines,
    {{ money('sums.lines_total') }} as lines_total,
    {{ money('sums.lines_total - days.header_total') }} as tie_out_diff,
    {{ money('sums.orders_part') }} as orders_part,
    {{ money('sums.unallocated_part') }} as unallocated_part,
    {{ money('sums.reserve_released') }} as reserve_released,
    {{ money('sums.reserve_held') }} as reserve_held,
    {{ money('sums.carried_in') }} as carried_in,
    {{ money('sums.transfers_in') }} as transfers_in,
    {{ money('sums.advertising') }} as advertising,
    {{ money('sums.other_unmapped') }} as other_unmapped,
    days.event_group_id,
    {{ money('event_groups.original_total') }} as group_total,
    {{ money('event_groups.original_total - days.header_total') }} as group_diff,
    event_groups.fund_transfer_status,
    case
        when days.header_total = 0 then 'nothing_due'
        when event_groups.event_group_id is null then null
        when days.header_total < 0 and event_groups.fund_transfer_status is null then 'carried_on'
        when days.header_total < 0 then 'charged'
        when lower(event_groups.fund_transfer_status) = 'failed' then 'sent_back'
        when lower(event_groups.fund_transfer_status) = 'succeeded' then 'paid'
        else 'under_way'
    end as transfer_fate,
    event_groups.transferred_at,
    event_groups.trace_id,
    event_groups.account_tail,
    {{ money('event_groups.converted_total') }} as bank_amount,
    event_groups.converted_currency_code as bank_currency_code,
    exchange_rates.fx_rate,
    exchange_rates.fx_rate_date,
    exchange_rates.reporting_currency_code,
    {{ in_reporting('days.header_total') }} as header_total_reporting
from days
left join sums
    on
        days.store_id = sums.store_id
        and days.selling_partner_id = sums.selling_partner_id
        and days.settlement_id = sums.settlement_id
left join event_groups
    on
        days.store_id = event_groups.store_id
        and days.selling_partner_id = event_groups.selling_partner_id
        and days.event_group_id = event_groups.event_group_id
{{ exchange_rates('days', date='settled_date') }}
