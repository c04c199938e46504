{%- set touched = [
    {
        'by': ['store_id', 'selling_partner_id', 'transaction_id'],
        'rebuilt_in': ['stg_amazon_sp__financial_transactions']
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        on_schema_change='fail',
        indexes=[
            {
                'columns': [
                    'store_id', 'selling_partner_id', 'transaction_id', 'item_ordinal',
                    'breakdown_ordinal'
                ],
                'unique': true
            },
            {'columns': ['built_at']}
        ]
    )
}}

with transactions as (
    select * from {{ ref('stg_amazon_sp__financial_transactions') }}
    where {{ is_touched }}
),

-- Of a transaction's parts, those of its newest reading.
item_readings as (
    select
        items.*,
        first_value(items.report_id) over (
            partition by items.store_id, items.selling_partner_id, items.transaction_id
            order by items.extracted_at desc
        ) as newest_report_id
    from transactions
    inner join {{ ref('stg_amazon_sp__financial_transaction_items') }} as items
        on
            transactions.store_id = items.store_id
            and transactions.selling_partner_id = items.selling_partner_id
            and transactions.transaction_id = items.transaction_id
),

items as (
    select * from item_readings
    where report_id is not distinct from newest_report_id
),

breakdown_readings as (
    select
        breakdowns.*,
        first_value(breakdowns.report_id) over (
            partition by
                breakdowns.store_id, breakdowns.selling_partner_id, breakdowns.transaction_id
            order by breakdowns.extracted_at desc
        ) as newest_report_id
    from transactions
    inner join {{ ref('stg_amazon_sp__financial_transaction_breakdowns') }} as breakdowns
        on
            transactions.store_id = breakdowns.store_id
            and transactions.selling_partner_id = breakdowns.selling_partner_id
            and transactions.transaction_id = breakdowns.transaction_id
),

leaves as (
    select
        *,
        {{ breakdown_path('path') }} as amount_type
    from breakdown_readings
    where
        report_id is not distinct from newest_report_id
        and is_leaf
),

-- What a transaction says as a whole, where it says one thing only.
wholes as (
    select
        store_id,
        selling_partner_id,
        transaction_id,
        case when min(amount_type) = max(amount_type) then min(amount_type) end as amount_type
    from leaves
    where item_ordinal = 0
    group by store_id, selling_partner_id, transaction_id
),

-- Items and the transaction tell the same money: the items' trees count where there are items, an
-- item without a tree counts as a whole.
of_items as (
    select
        items.store_id,
        items.selling_partner_id,
        items.transaction_id,
        items.item_ordinal,
        coalesce(leaves.breakdown_ordinal, 0) as breakdown_ordinal,
        coalesce(leaves.amount_type, wholes.amount_type) as amount_type,
        coalesce(leaves.breakdown_amount, items.total_amount) as amount,
        nullif(items.sku, '') as seller_sku,
        nullif(items.asin, '') as asin,
        case
            when
                lower(leaves.amount_type) like 'productcharges%'
                and row_number() over (
                    partition by
                        items.store_id,
                        items.selling_partner_id,
                        items.transaction_id,
                        items.item_ordinal,
                        lower(leaves.amount_type) like 'productcharges%'
                    order by leaves.breakdown_ordinal
                ) = 1
                then items.quantity_shipped
        end as quantity
    from items
    left join leaves
        on
            items.store_id = leaves.store_id
            and items.selling_partner_id = leaves.selling_partner_id
            and items.transaction_id = leaves.transaction_id
            and items.item_ordinal = leaves.item_ordinal
    left join wholes
        on
            items.store_id = wholes.store_id
            and items.selling_partner_id = wholes.selling_partner_id
            and items.transaction_id = wholes.transaction_id
),

of_wholes as (
    select
        leaves.store_id,
        leaves.selling_partner_id,
        leaves.transaction_id,
        leaves.item_ordinal,
        leaves.breakdown_ordinal,
        leaves.amount_type,
        leaves.breakdown_amount as amount
    from leaves
    left join items
        on
            leaves.store_id = items.store_id
            and leaves.selling_partner_id = items.selling_partner_id
            and leaves.transaction_id = items.transaction_id
    where
        leaves.item_ordinal = 0
        and items.transaction_id is null
),

lines as (
    select
        store_id,
        selling_partner_id,
        transaction_id,
        item_ordinal,
        breakdown_ordinal,
        amount_type,
        amount,
        seller_sku,
        asin,
        quantity
    from of_items
    union all
    select
        store_id,
        selling_partner_id,
        transaction_id,
        item_ordinal,
        breakdown_ordinal,
        amount_type,
        amount,
        null as seller_sku,
        null as asin,
        null as quantity
    from of_wholes
),

explained as (
    select
        store_id,
        selling_partner_id,
        transaction_id,
        sum(amount) as amount
    from lines
    group by store_id, selling_partner_id, transaction_id
)

select
    lines.*,
    {{ built_at() }} as built_at
from lines
union all
-- What the parts leave unexplained of the total is a line of its own: the ledger loses no cent.
select
    transactions.store_id,
    transactions.selling_partner_id,
    transactions.transaction_id,
    0 as item_ordinal,
    0 as breakdown_ordinal,
    null as amount_type,
    transactions.total_amount - coalesce(explained.amount, 0) as amount,
    null as seller_sku,
    null as asin,
    null as quantity,
    {{ built_at() }} as built_at
from transactions
left join explained
    on
        transactions.store_id = explained.store_id
        and transactions.selling_partner_id = explained.selling_partner_id
        and transactions.transaction_id = explained.transaction_id
where transactions.total_amount - coalesce(explained.amount, 0) <> 0
