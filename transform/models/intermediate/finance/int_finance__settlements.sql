{%- set told = [
    'region', 'starts_at', 'ends_at', 'deposit_at', 'header_total', 'currency_code', 'line_count',
    'loaded_lines', 'loaded_total', 'is_whole', 'event_group_id', 'account_type', 'marketplace_id',
    'takes_over'
] -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'selling_partner_id', 'settlement_id'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'settlement_id'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with settlements as (
    select * from {{ ref('stg_amazon_sp__settlements') }}
),

postings as (
    select * from {{ ref('int_finance__settlement_postings') }}
),

transactions as (
    select * from {{ ref('stg_amazon_sp__financial_transactions') }}
),

event_groups as (
    select * from {{ ref('int_finance__event_groups') }}
),

-- Outside the EU transactions name both their settlement and its group.
named as (
    select
        store_id,
        selling_partner_id,
        settlement_id,
        min(event_group_id) as event_group_id
    from transactions
    where
        settlement_id is not null
        and event_group_id is not null
        and transaction_type <> 'Transfer'
    group by store_id, selling_partner_id, settlement_id
    having count(distinct event_group_id) = 1
),

-- Elsewhere group and settlement are told to be one by account, currency, period and total. Two
-- that are alike in all of it are told apart by nothing.
alike as (
    select
        settlements.store_id,
        settlements.selling_partner_id,
        settlements.settlement_id,
        event_groups.event_group_id,
        count(*) over (
            partition by
                settlements.store_id, settlements.selling_partner_id, settlements.settlement_id
        ) as groups_alike,
        count(*) over (
            partition by
                settlements.store_id, settlements.selling_partner_id, event_groups.event_group_id
        ) as settlements_alike
    from settlements
    inner join event_groups
        on
            settlements.store_id = event_groups.store_id
            and settlements.selling_partner_id = event_groups.selling_partner_id
            and settlements.currency_code = event_groups.original_currency_code
            and settlements.starts_at = event_groups.starts_at
            and settlements.ends_at = event_groups.ends_at
            and settlements.header_total = event_groups.original_total
),

grouped as (
    select
        settlements.*,
        coalesce(named.event_group_id, alike.event_group_id) as event_group_id
    from settlements
    left join named
        on
            settlements.store_id = named.store_id
            and settlements.selling_partner_id = named.selling_partner_id
            and settlements.settlement_id = named.settlement_id
    left join alike
        on
            settlements.store_id = alike.store_id
            and settlements.selling_partner_id = alike.selling_partner_id
            and settlements.settlement_id = alike.settlement_id
            and alike.groups_alike = 1
            and alike.settlements_alike = 1
),

-- The account as transactions tell it; else the one marketplace that the lines name.
accounts as (
    select
        store_id,
        selling_partner_id,
        event_group_id,
        case when min(account_type) = max(account_type) then min(account_type) end as account_type,
        case
            when min(account_marketplace_id) = max(account_marketplace_id)
                then min(account_marketplace_id)
        end as marketplace_id
    from transactions
    where event_group_id is not null
    group by store_id, selling_partner_id, event_group_id
),

named_marketplaces as (
    select
        store_id,
        selling_partner_id,
        settlement_id,
        case when min(marketplace_id) = max(marketplace_id) then min(marketplace_id) end
            as marketplace_id
    from postings
    group by store_id, selling_partner_id, settlement_id
),

-- Free transactions of which nobody knows yet what settlement has them.
homeless as (
    select
        transactions.store_id,
        transactions.selling_partner_id,
        transactions.currency_code,
        transactions.posted_at
    from transactions
    left join event_groups
        on
            transactions.store_id = event_groups.store_id
            and transactions.selling_partner_id = event_groups.selling_partner_id
            and transactions.event_group_id = event_groups.event_group_id
    left join grouped
        on
            transactions.store_id = grouped.store_id
            and transactions.selling_partner_id = grouped.selling_partner_id
            and transactions.event_group_id = grouped.event_group_id
    where
        transactions.transaction_status = 'RELEASED'
        and transactions.transaction_type <> 'Transfer'
        and transactions.settlement_id is null
        and grouped.settlement_id is null
        and coalesce(event_groups.is_closed, true)
),

resolved as (
    select
        grouped.store_id,
        grouped.selling_partner_id,
        grouped.settlement_id,
        grouped.region,
        grouped.starts_at,
        grouped.ends_at,
        grouped.deposit_at,
        grouped.header_total,
        grouped.currency_code,
        grouped.line_count,
        grouped.loaded_lines,
        grouped.loaded_total,
        grouped.is_whole,
        grouped.event_group_id,
        accounts.account_type,
        coalesce(accounts.marketplace_id, named_marketplaces.marketplace_id) as marketplace_id,
        grouped.is_whole
        and (
            grouped.event_group_id is not null
            or not exists (
                select 1
                from homeless
                where
                    grouped.store_id = homeless.store_id
                    and grouped.selling_partner_id = homeless.selling_partner_id
                    and grouped.currency_code = homeless.currency_code
                    and homeless.posted_at >= grouped.starts_at
                    and homeless.posted_at < grouped.ends_at
            )
        ) as takes_over
    from grouped
    left join accounts
        on
            grouped.store_id = accounts.store_id
            and grouped.selling_partner_id = accounts.selling_partner_id
            and grouped.event_group_id = accounts.event_group_id
    left join named_marketplaces
        on
            grouped.store_id = named_marketplaces.store_id
            and grouped.selling_partner_id = named_marketplaces.selling_partner_id
            and grouped.settlement_id = named_marketplaces.settlement_id
)

select
    resolved.*,
    {{ built_at() }} as built_at
from resolved
{% if is_incremental() %}
    left join {{ this }} as known
        on
            resolved.store_id = known.store_id
            and resolved.selling_partner_id = known.selling_partner_id
            and resolved.settlement_id = known.settlement_id
    where
        known.settlement_id is null
        or {{ differs_from_known('resolved', told) }}
{% endif %}
