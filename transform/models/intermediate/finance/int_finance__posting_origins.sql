{{
    config(
        materialized='table',
        indexes=[
            {
                'columns': [
                    'store_id', 'selling_partner_id', 'settlement_id', 'kind', 'order_id', 'posted_at'
                ],
                'unique': true
            }
        ]
    )
}}

with postings as (
    select * from {{ ref('int_finance__settlement_postings') }}
),

transactions as (
    select * from {{ ref('int_finance__transactions') }}
    where settled_in is not null
),

told as (
    select
        store_id,
        selling_partner_id,
        settled_in,
        kind,
        case when kind = 'other' then '' else coalesce(order_id, '') end as order_id,
        settled_posted_at,
        case when count(distinct transaction_id) = 1 then min(transaction_id) end as transaction_id,
        min(event_at) as event_at,
        max(deferral_reason) as deferral_reason,
        max(matures_at) as matures_at,
        case when min(marketplace_id) = max(marketplace_id) then min(marketplace_id) end
            as marketplace_id
    from transactions
    group by
        store_id,
        selling_partner_id,
        settled_in,
        kind,
        case when kind = 'other' then '' else coalesce(order_id, '') end,
        settled_posted_at
)

select
    postings.store_id,
    postings.selling_partner_id,
    postings.settlement_id,
    postings.kind,
    postings.order_id,
    postings.posted_at,
    told.transaction_id,
    told.event_at,
    told.deferral_reason,
    told.matures_at,
    coalesce(postings.marketplace_id, told.marketplace_id) as marketplace_id
from postings
left join told
    on
        postings.store_id = told.store_id
        and postings.selling_partner_id = told.selling_partner_id
        and postings.settlement_id = told.settled_in
        and postings.kind = told.kind
        and postings.order_id = told.order_id
        and postings.posted_at = told.settled_posted_at
