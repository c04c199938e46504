with settlements as (
    select * from {{ ref('fct_settlements') }}
),

lines as (
    select * from {{ ref('fct_financial_lines') }}
),

balances as (
    select
        *,
        max(snapshot_at) over (partition by store_id, selling_partner_id) as newest_at
    from {{ ref('stg_amazon_sp__financial_balances') }}
    where balance_type = 'DEFERRED'
),

reimbursements as (
    select * from {{ ref('stg_amazon_sp__fba_reimbursements') }}
),

economics as (
    select * from {{ ref('rpt_economics_cross_check') }}
),

transactions as (
    select * from {{ ref('int_finance__transactions') }}
),

first_transactions as (
    select
        store_id,
        min(posted_at) as first_posted_at
    from transactions
    group by store_id
),

-- What the ledger says is held back, by account.
held_back as (
    select
        store_id,
        selling_partner_id,
        account_marketplace_id,
        account_type,
        currency_code,
        sum(total_amount) as amount
    from transactions
    where
        is_in_ledger
        and released_at is null
    group by store_id, selling_partner_id, account_marketplace_id, account_type, currency_code
),

-- Whole months of which both the report and the ledger tell every day.
reimbursed as (
    select
        reimbursements.store_id,
        reimbursements.currency_code,
        {{ month_of('reimbursements.approval_date') }} as month,
        sum(reimbursements.amount_total) as amount
    from reimbursements
    group by
        reimbursements.store_id,
        reimbursements.currency_code,
        {{ month_of('reimbursements.approval_date') }}
),

booked as (
    select
        store_id,
        currency_code,
        {{ month_of('event_at') }} as month,
        sum(amount) as amount
    from lines
    where class = 'reimbursement'
    group by store_id, currency_code, {{ month_of('event_at') }}
),

compared as (
    select
        store_id,
        'settlement_tie_out' as check_name,
        settlement_id as subject,
        cast(starts_at as date) as period_start,
        cast(ends_at as date) as period_end,
        currency_code,
        'lines in the ledger' as left_name,
        lines_total as left_value,
        'header of the settlement' as right_name,
        header_total as right_value,
        cast(0 as numeric) as tolerance
    from settlements
    union all
    select
        store_id,
        'settlement_event_group' as check_name,
        settlement_id as subject,
        cast(starts_at as date) as period_start,
        cast(ends_at as date) as period_end,
        currency_code,
        'header of the settlement' as left_name,
        header_total as left_value,
        'total of its event group' as right_name,
        group_total as right_value,
        0 as tolerance
    from settlements
    union all
    select
        balances.store_id,
        'deferred_balance' as check_name,
        balances.account_marketplace_id || ' ' || balances.account_type as subject,
        balances.snapshot_date as period_start,
        balances.snapshot_date as period_end,
        balances.balance_currency_code as currency_code,
        'held back in the ledger' as left_name,
        coalesce(held_back.amount, 0) as left_value,
        'deferred balance' as right_name,
        balances.balance_amount as right_value,
        -- balances are of the moment, transactions up to two days late
        abs(balances.balance_amount) * 0.25 as tolerance
    from balances
    left join held_back
        on
            balances.store_id = held_back.store_id
            and balances.selling_partner_id = held_back.selling_partner_id
            and balances.account_marketplace_id = held_back.account_marketplace_id
            and balances.account_type = held_back.account_type
            and balances.balance_currency_code = held_back.currency_code
    where balances.snapshot_at = balances.newest_at
    union all
    select
        reimbursed.store_id,
        'fba_reimbursements' as check_name,
        'all SKUs' as subject,
        reimbursed.month as period_start,
        {{ last_of_month('reimbursed.month') }} as period_end,
        reimbursed.currency_code,
        'reimbursements in the ledger' as left_name,
        coalesce(booked.amount, 0) as left_value,
        'reimbursements in the report' as right_name,
        reimbursed.amount as right_value,
        -- approved in one month, booked in the next
        abs(reimbursed.amount) * 0.1 as tolerance
    from reimbursed
    inner join first_transactions
        on
            reimbursed.store_id = first_transactions.store_id
            and reimbursed.month >= first_transactions.first_posted_at
    left join booked
        on
            reimbursed.store_id = booked.store_id
            and reimbursed.currency_code = booked.currency_code
            and reimbursed.month = booked.month
    union all
    select
        store_id,
        'economics_net_proceeds' as check_name,
        country_code as subject,
        min(first_day) as period_start,
        max(last_day) as period_end,
        currency_code,
        'net proceeds in the ledger' as left_name,
        sum(ledger_net_proceeds) as left_value,
        'net proceeds in economics' as right_name,
        sum(economics_net_proceeds) as right_value,
        -- ordered on one day, shipped on another; shipping and points are the ledger's alone
        0.25 * sum(abs(economics_net_sales)) as tolerance
    from economics
    group by store_id, country_code, month, currency_code
)

select
    store_id,
    check_name,
    subject,
    period_start,
    period_end,
    currency_code,
    left_name,
    {{ money('left_value') }} as left_value,
    right_name,
    {{ money('right_value') }} as right_value,
    {{ money('left_value - right_value') }} as difference,
    {{ money('tolerance') }} as tolerance,
    case
        when left_value is null or right_value is null then 'not_comparable'
        when abs(left_value - right_value) <= tolerance then 'agrees'
        else 'differs'
    end as status
from compared
