{{ config(materialized='table') }}

with settlements as (
    select * from {{ ref('fct_settlements') }}
),

lines as (
    select * from {{ ref('fct_financial_lines') }}
    where source = 'settlement'
),

parts as (
    select
        store_id,
        selling_partner_id,
        settlement_id,
        marketplace_id,
        country_code,
        count(*) as ledger_lines,
        sum(amount) as lines_total,
        coalesce(sum(amount) filter (where is_of_order), 0) as orders_part,
        coalesce(sum(amount) filter (where not is_of_order and not is_balance_move), 0)
            as unallocated_part,
        coalesce(sum(amount) filter (where is_balance_move), 0) as balance_part
    from lines
    group by store_id, selling_partner_id, settlement_id, marketplace_id, country_code
)

select
    settlements.store_id,
    settlements.selling_partner_id,
    settlements.settlement_id,
    coalesce(parts.marketplace_id, settlements.marketplace_id) as marketplace_id,
    coalesce(parts.country_code, settlements.country_code) as country_code,
    settlements.settled_date,
    settlements.currency_code,
    settlements.ledger_state,
    settlements.header_total as settlement_header_total,
    settlements.lines_total as settlement_lines_total,
    settlements.tie_out_diff as settlement_difference,
    coalesce(parts.ledger_lines, 0) as ledger_lines,
    {{ money('parts.lines_total') }} as lines_total,
    {{ money('parts.orders_part') }} as orders_part,
    {{ money('parts.unallocated_part') }} as unallocated_part,
    {{ money('parts.balance_part') }} as balance_part,
    {{ money(
        'parts.lines_total - parts.orders_part - parts.unallocated_part - parts.balance_part'
    ) }} as difference,
    case
        when settlements.ledger_state <> 'in_ledger' then settlements.ledger_state
        when settlements.tie_out_diff = 0 then 'ties'
        else 'differs'
    end as status
from settlements
left join parts
    on
        settlements.store_id = parts.store_id
        and settlements.selling_partner_id = parts.selling_partner_id
        and settlements.settlement_id = parts.settlement_id
