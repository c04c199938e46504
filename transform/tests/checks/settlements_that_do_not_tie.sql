select
    store_id,
    selling_partner_id,
    settlement_id,
    country_code,
    currency_code,
    header_total,
    lines_total,
    tie_out_diff,
    group_diff,
    line_count,
    ledger_lines
from {{ ref('fct_settlements') }}
where
    ledger_state = 'in_ledger'
    and (
        tie_out_diff is distinct from 0
        or ledger_lines <> line_count
        or group_diff <> 0
    )
