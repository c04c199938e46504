with transactions as (
    select * from {{ ref('int_finance__transactions') }}
),

settlements as (
    select * from {{ ref('int_finance__settlements') }}
),

transaction_lines as (
    select * from {{ ref('int_finance__transaction_lines') }}
)

select
    store_id,
    selling_partner_id,
    transaction_id as entry_id,
    built_at
from transactions
union all
select
    store_id,
    selling_partner_id,
    settlement_id as entry_id,
    built_at
from settlements
union all
-- of a settlement's lines transactions tell when the sale was, and where
select
    store_id,
    selling_partner_id,
    settled_in as entry_id,
    built_at
from transactions
where settled_in is not null
union all
select
    store_id,
    selling_partner_id,
    transaction_id as entry_id,
    built_at
from transaction_lines
