{%- set touched = [
    {
        'by': ['store_id', 'selling_partner_id', 'settlement_id'],
        'rebuilt_in': ['stg_amazon_sp__settlements']
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
                    'store_id', 'selling_partner_id', 'settlement_id', 'kind', 'order_id', 'posted_at'
                ],
                'unique': true
            },
            {'columns': ['store_id', 'selling_partner_id', 'order_id']},
            {'columns': ['built_at']}
        ]
    )
}}

with settlements as (
    select * from {{ ref('stg_amazon_sp__settlements') }}
    where
        is_whole
        and {{ is_touched }}
),

settlement_lines as (
    select * from {{ ref('stg_amazon_sp__settlement_lines') }}
),

kinds as (
    select * from {{ ref('financial_kinds') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

typed as (
    select
        settlement_lines.store_id,
        settlement_lines.selling_partner_id,
        settlement_lines.settlement_id,
        settlement_lines.order_id,
        settlement_lines.posted_at,
        settlement_lines.amount,
        coalesce(kinds.kind, 'other') as kind,
        coalesce(by_channel.marketplace_id, by_country.marketplace_id) as marketplace_id
    from settlements
    inner join settlement_lines
        on
            settlements.store_id = settlement_lines.store_id
            and settlements.selling_partner_id = settlement_lines.selling_partner_id
            and settlements.settlement_id = settlement_lines.settlement_id
            and settlements.line_count >= settlement_lines.line_no
    left join kinds
        on
            {{ letters('settlement_lines.transaction_type') }}
            = {{ letters('kinds.transaction_type') }}
    left join marketplaces as by_channel
        on lower(settlement_lines.marketplace_name) = lower(by_channel.sales_channel)
    left join marketplaces as by_country
        on
            lower(settlement_lines.marketplace_name)
            = lower('Non-Amazon ' || by_country.country_code)
)

select
    store_id,
    selling_partner_id,
    settlement_id,
    kind,
    -- of lines that belong to no order an FBA shipment can stand there
    case when kind = 'other' then '' else coalesce(order_id, '') end as order_id,
    posted_at,
    case when min(marketplace_id) = max(marketplace_id) then min(marketplace_id) end
        as marketplace_id,
    count(*) as line_count,
    sum(amount) as amount,
    {{ built_at() }} as built_at
from typed
group by
    store_id,
    selling_partner_id,
    settlement_id,
    kind,
    case when kind = 'other' then '' else coalesce(order_id, '') end,
    posted_at
