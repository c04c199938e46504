with settlements as (
    select * from {{ ref('int_finance__settlements') }}
    where takes_over
),

settlement_lines as (
    select * from {{ ref('stg_amazon_sp__settlement_lines') }}
),

origins as (
    select * from {{ ref('int_finance__posting_origins') }}
),

kinds as (
    select * from {{ ref('financial_kinds') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

stores as (
    select * from {{ ref('int_stores') }}
)

select
    settlements.store_id,
    settlements.selling_partner_id,
    'settlement/' || settlements.settlement_id || '/' || settlement_lines.line_no as line_id,
    settlements.region,
    'settlement' as source,
    settlements.settlement_id as entry_id,
    origins.transaction_id,
    cast(null as bigint) as item_ordinal,
    cast(null as bigint) as breakdown_ordinal,
    settlements.settlement_id,
    settlement_lines.line_no as settlement_line_no,
    settlements.event_group_id,
    settlements.account_type,
    coalesce(kinds.kind, 'other') as kind,
    settlement_lines.transaction_type,
    settlement_lines.amount_type,
    settlement_lines.amount_description,
    coalesce(lower(settlement_lines.marketplace_name) like 'non-amazon%', false)
        as is_multi_channel,
    marketplaces.marketplace_id,
    marketplaces.country_code,
    marketplaces.prices_include_tax,
    case when kinds.kind is not null then settlement_lines.order_id end as order_id,
    -- an FBA shipment or a removal order, in the place of an order's id
    case when kinds.kind is null then settlement_lines.order_id end as reference_id,
    settlement_lines.order_item_id,
    settlement_lines.seller_sku,
    cast(null as text) as asin,
    case
        when {{ letters('settlement_lines.amount_description') }} = 'principal'
            then settlement_lines.quantity
    end as quantity,
    'settled' as status,
    origins.deferral_reason,
    origins.matures_at,
    settlement_lines.posted_at,
    coalesce(origins.event_at, settlement_lines.posted_at) as event_at,
    {{ local_date(
        'coalesce(origins.event_at, settlement_lines.posted_at)',
        "coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')"
    ) }} as event_date,
    coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC') as time_zone,
    {{ local_date(
        'settlement_lines.posted_at', "coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')"
    ) }} as released_date,
    {{ local_date(
        'settlements.ends_at', "coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')"
    ) }} as settled_date,
    {{ local_date(
        'settlements.deposit_at', "coalesce(marketplaces.time_zone, stores.primary_time_zone, 'UTC')"
    ) }} as deposit_date,
    settlements.currency_code,
    settlement_lines.amount
from settlements
inner join settlement_lines
    on
        settlements.store_id = settlement_lines.store_id
        and settlements.selling_partner_id = settlement_lines.selling_partner_id
        and settlements.settlement_id = settlement_lines.settlement_id
        and settlements.line_count >= settlement_lines.line_no
left join stores on settlements.store_id = stores.store_id
left join kinds
    on {{ letters('settlement_lines.transaction_type') }} = {{ letters('kinds.transaction_type') }}
left join origins
    on
        settlement_lines.store_id = origins.store_id
        and settlement_lines.selling_partner_id = origins.selling_partner_id
        and settlement_lines.settlement_id = origins.settlement_id
        and settlement_lines.posted_at = origins.posted_at
        and coalesce(kinds.kind, 'other') = origins.kind
        and case when kinds.kind is null then '' else coalesce(settlement_lines.order_id, '') end
        = origins.order_id
left join marketplaces
    on coalesce(origins.marketplace_id, settlements.marketplace_id) = marketplaces.marketplace_id
