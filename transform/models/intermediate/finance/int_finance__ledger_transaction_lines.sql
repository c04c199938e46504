with transactions as (
    select * from {{ ref('int_finance__transactions') }}
),

lines as (
    select * from {{ ref('int_finance__transaction_lines') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select * from {{ ref('int_stores') }}
)

select
    transactions.store_id,
    transactions.selling_partner_id,
    'transaction/' || transactions.transaction_id || '/' || lines.item_ordinal || '/'
    || lines.breakdown_ordinal as line_id,
    transactions.region,
    'transaction' as source,
    transactions.transaction_id as entry_id,
    transactions.transaction_id,
    lines.item_ordinal,
    lines.breakdown_ordinal,
    transactions.expected_settlement_id as settlement_id,
    cast(null as bigint) as settlement_line_no,
    transactions.event_group_id,
    transactions.account_type,
    transactions.kind,
    transactions.transaction_type,
    lines.amount_type,
    cast(null as text) as amount_description,
    transactions.is_multi_channel,
    transactions.marketplace_id,
    marketplaces.country_code,
    marketplaces.prices_include_tax,
    case when transactions.kind in ('order', 'refund') then transactions.order_id end as order_id,
    cast(null as text) as reference_id,
    cast(null as text) as order_item_id,
    lines.seller_sku,
    lines.asin,
    lines.quantity,
    case when transactions.released_at is null then 'deferred' else 'released' end as status,
    transactions.deferral_reason,
    transactions.matures_at,
    transactions.posted_at,
    transactions.event_at,
    {{ local_date(
        'transactions.event_at', "coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')"
    ) }} as event_date,
    coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC') as time_zone,
    {{ local_date(
        'transactions.released_at', "coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')"
    ) }} as released_date,
    cast(null as date) as settled_date,
    cast(null as date) as deposit_date,
    transactions.currency_code,
    lines.amount
from lines
inner join transactions
    on
        lines.store_id = transactions.store_id
        and lines.selling_partner_id = transactions.selling_partner_id
        and lines.transaction_id = transactions.transaction_id
left join stores on transactions.store_id = stores.store_id
left join marketplaces on transactions.marketplace_id = marketplaces.marketplace_id
where transactions.is_in_ledger
