select
    store_id,
    selling_partner_id,
    settlement_id,
    currency_code,
    header_total,
    ledger_state,
    line_count,
    loaded_lines,
    ends_at
from {{ ref('fct_settlements') }}
where
    ledger_state <> 'in_ledger'
    -- reports come within two days, their groups with the next morning's run
    and ends_at < {{ days_later(as_of(), -4) }}
