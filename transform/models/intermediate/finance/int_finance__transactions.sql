{%- set told = [
    'region', 'transaction_type', 'kind', 'description', 'posted_at', 'total_amount',
    'currency_code', 'marketplace_id', 'is_multi_channel', 'account_type', 'account_marketplace_id',
    'order_id', 'event_group_id', 'expected_settlement_id', 'deferral_reason', 'matures_at', 'event_at',
    'released_at', 'settled_in', 'settled_posted_at', 'is_in_ledger'
] -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'selling_partner_id', 'transaction_id'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'transaction_id'], 'unique': true},
            {'columns': ['store_id', 'selling_partner_id', 'settled_in']},
            {'columns': ['built_at']}
        ]
    )
}}

with transactions as (
    select
        told.*,
        coalesce(kinds.kind, 'other') as kind
    from {{ ref('stg_amazon_sp__financial_transactions') }} as told
    left join {{ ref('financial_kinds') }} as kinds
        on {{ letters('told.transaction_type') }} = {{ letters('kinds.transaction_type') }}
),

settlements as (
    select * from {{ ref('int_finance__settlements') }}
),

postings as (
    select * from {{ ref('int_finance__settlement_postings') }}
    where kind = 'order'
),

-- Money held back and its release name each other; either word counts.
pairs as (
    select
        releases.store_id,
        releases.selling_partner_id,
        releases.transaction_id as release_id,
        held.transaction_id as deferred_id,
        releases.posted_at as released_at,
        held.posted_at as event_at
    from transactions as releases
    inner join transactions as held
        on
            releases.store_id = held.store_id
            and releases.selling_partner_id = held.selling_partner_id
            and releases.deferred_transaction_id = held.transaction_id
    union
    select
        releases.store_id,
        releases.selling_partner_id,
        releases.transaction_id as release_id,
        held.transaction_id as deferred_id,
        releases.posted_at as released_at,
        held.posted_at as event_at
    from transactions as held
    inner join transactions as releases
        on
            held.store_id = releases.store_id
            and held.selling_partner_id = releases.selling_partner_id
            and held.release_transaction_id = releases.transaction_id
),

-- A transaction's settlement, named by it or by its group, once that settlement takes over. What
-- was posted after the settlement's end is not in it: its deposit is its header, no line of it.
linked as (
    select
        transactions.store_id,
        transactions.selling_partner_id,
        transactions.transaction_id,
        coalesce(transactions.settlement_id, by_group.settlement_id) as expected_settlement_id,
        case
            when taking_over.takes_over and transactions.posted_at < taking_over.ends_at
                then taking_over.settlement_id
        end as settled_in
    from transactions
    left join settlements as by_group
        on
            transactions.store_id = by_group.store_id
            and transactions.selling_partner_id = by_group.selling_partner_id
            and transactions.event_group_id = by_group.event_group_id
    left join settlements as taking_over
        on
            transactions.store_id = taking_over.store_id
            and transactions.selling_partner_id = taking_over.selling_partner_id
            and coalesce(transactions.settlement_id, by_group.settlement_id)
            = taking_over.settlement_id
),

-- The transaction API is up to two days late: a settlement can have a release that it does not tell
-- yet. Its order and its amount to the cent say whose it is.
waiting as (
    select
        transactions.store_id,
        transactions.selling_partner_id,
        transactions.transaction_id,
        transactions.order_id,
        transactions.total_amount,
        transactions.currency_code,
        transactions.posted_at,
        row_number() over (
            partition by
                transactions.store_id,
                transactions.selling_partner_id,
                transactions.order_id,
                transactions.total_amount
            order by transactions.posted_at, transactions.transaction_id
        ) as place
    from transactions
    left join pairs
        on
            transactions.store_id = pairs.store_id
            and transactions.selling_partner_id = pairs.selling_partner_id
            and transactions.transaction_id = pairs.deferred_id
    where
        transactions.transaction_status in ('DEFERRED', 'DEFERRED_RELEASED')
        and transactions.kind = 'order'
        and transactions.order_id is not null
        and pairs.deferred_id is null
),

-- Postings of orders in settlements for which no transaction is known.
unexplained as (
    select
        postings.store_id,
        postings.selling_partner_id,
        postings.settlement_id,
        postings.order_id,
        postings.posted_at,
        postings.amount,
        settlements.currency_code,
        row_number() over (
            partition by
                postings.store_id, postings.selling_partner_id, postings.order_id, postings.amount
            order by postings.posted_at, postings.settlement_id
        ) as place
    from postings
    inner join settlements
        on
            postings.store_id = settlements.store_id
            and postings.selling_partner_id = settlements.selling_partner_id
            and postings.settlement_id = settlements.settlement_id
            and settlements.takes_over
    inner join waiting
        on
            postings.store_id = waiting.store_id
            and postings.selling_partner_id = waiting.selling_partner_id
            and postings.order_id = waiting.order_id
            and postings.amount = waiting.total_amount
            and postings.posted_at > waiting.posted_at
            and waiting.place = 1
    where
        not exists (
            select 1
            from transactions
            inner join linked
                on
                    transactions.store_id = linked.store_id
                    and transactions.selling_partner_id = linked.selling_partner_id
                    and transactions.transaction_id = linked.transaction_id
            where
                linked.settled_in = postings.settlement_id
                and transactions.store_id = postings.store_id
                and transactions.selling_partner_id = postings.selling_partner_id
                and transactions.order_id = postings.order_id
                and transactions.posted_at = postings.posted_at
        )
),

recognised as (
    select
        waiting.store_id,
        waiting.selling_partner_id,
        waiting.transaction_id,
        unexplained.settlement_id,
        unexplained.posted_at
    from waiting
    inner join unexplained
        on
            waiting.store_id = unexplained.store_id
            and waiting.selling_partner_id = unexplained.selling_partner_id
            and waiting.order_id = unexplained.order_id
            and waiting.total_amount = unexplained.amount
            and waiting.currency_code = unexplained.currency_code
            and waiting.place = unexplained.place
),

resolved as (
    select
        transactions.store_id,
        transactions.selling_partner_id,
        transactions.transaction_id,
        transactions.region,
        transactions.transaction_type,
        transactions.kind,
        transactions.description,
        transactions.posted_at,
        transactions.total_amount,
        transactions.currency_code,
        transactions.marketplace_id,
        transactions.is_multi_channel,
        transactions.account_type,
        transactions.account_marketplace_id,
        transactions.order_id,
        transactions.event_group_id,
        coalesce(release_link.expected_settlement_id, linked.expected_settlement_id)
            as expected_settlement_id,
        transactions.deferral_reason,
        transactions.matures_at,
        coalesce(of_release.event_at, transactions.posted_at) as event_at,
        case
            when of_deferred.release_id is not null then of_deferred.released_at
            when recognised.settlement_id is not null then recognised.posted_at
            when transactions.transaction_status = 'RELEASED' then transactions.posted_at
        end as released_at,
        coalesce(linked.settled_in, release_link.settled_in, recognised.settlement_id)
            as settled_in,
        case
            when linked.settled_in is not null then transactions.posted_at
            when release_link.settled_in is not null then of_deferred.released_at
            when recognised.settlement_id is not null then recognised.posted_at
        end as settled_posted_at,
        of_release.deferred_id is null
        and coalesce(linked.settled_in, release_link.settled_in, recognised.settlement_id) is null
            as is_in_ledger
    from transactions
    inner join linked
        on
            transactions.store_id = linked.store_id
            and transactions.selling_partner_id = linked.selling_partner_id
            and transactions.transaction_id = linked.transaction_id
    left join pairs as of_release
        on
            transactions.store_id = of_release.store_id
            and transactions.selling_partner_id = of_release.selling_partner_id
            and transactions.transaction_id = of_release.release_id
    left join pairs as of_deferred
        on
            transactions.store_id = of_deferred.store_id
            and transactions.selling_partner_id = of_deferred.selling_partner_id
            and transactions.transaction_id = of_deferred.deferred_id
    left join linked as release_link
        on
            of_deferred.store_id = release_link.store_id
            and of_deferred.selling_partner_id = release_link.selling_partner_id
            and of_deferred.release_id = release_link.transaction_id
    left join recognised
        on
            transactions.store_id = recognised.store_id
            and transactions.selling_partner_id = recognised.selling_partner_id
            and transactions.transaction_id = recognised.transaction_id
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
            and resolved.transaction_id = known.transaction_id
    where
        known.transaction_id is null
        or {{ differs_from_known('resolved', told) }}
{% endif %}
