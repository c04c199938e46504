{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'selling_partner_id', 'settlement_id'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'settlement_id'], 'unique': true},
            {'columns': ['built_at']}
        ]
    )
}}

with settlements as (
    select * from {{ ref('base_amazon_sp__settlements') }}
),

settlement_lines as (
    select * from {{ ref('stg_amazon_sp__settlement_lines') }}
),

-- A load shows headers before lines: one whose lines were not all there is looked at again.
changed as (
    select settlements.*
    from settlements
    {% if is_incremental() %}
        left join {{ this }} as known
            on
                settlements.store_id = known.store_id
                and settlements.selling_partner_id = known.selling_partner_id
                and settlements.settlement_id = known.settlement_id
        where
            settlements.extracted_at is distinct from known.extracted_at
            or not known.is_whole
    {% endif %}
),

-- A settlement never changes once its report is made: its lines are numbers 1 to line_count.
loaded as (
    select
        changed.store_id,
        changed.selling_partner_id,
        changed.settlement_id,
        count(settlement_lines.line_no) as loaded_lines,
        coalesce(sum(settlement_lines.amount), 0) as loaded_total
    from changed
    left join settlement_lines
        on
            changed.store_id = settlement_lines.store_id
            and changed.selling_partner_id = settlement_lines.selling_partner_id
            and changed.settlement_id = settlement_lines.settlement_id
            and changed.line_count >= settlement_lines.line_no
    group by changed.store_id, changed.selling_partner_id, changed.settlement_id
)

select
    changed.store_id,
    changed.selling_partner_id,
    changed.region,
    changed.settlement_id,
    changed.settlement_start_date as starts_at,
    changed.settlement_end_date as ends_at,
    changed.deposit_date as deposit_at,
    changed.total_amount as header_total,
    changed.currency as currency_code,
    changed.line_count,
    loaded.loaded_lines,
    loaded.loaded_total,
    coalesce(loaded.loaded_lines = changed.line_count, false) as is_whole,
    changed.report_id,
    changed.extracted_at,
    {{ built_at() }} as built_at
from changed
inner join loaded
    on
        changed.store_id = loaded.store_id
        and changed.selling_partner_id = loaded.selling_partner_id
        and changed.settlement_id = loaded.settlement_id
