{%- set touched = [
    {
        'by': ['store_id', 'selling_partner_id', 'entry_id'],
        'rebuilt_in': ['int_finance__entries']
    },
    {
        'by': ['store_id', 'currency_code', 'event_date'],
        'rebuilt_in': ['int_finance__exchange_rates']
    },
    {
        'by': ['store_id'],
        'rebuilt_in': ['int_finance__rules']
    }
] -%}
{%- set is_touched = touched_condition(touched) -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        meta={'touched': touched},
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'line_id'], 'unique': true},
            {'columns': ['store_id', 'selling_partner_id', 'entry_id']},
            {'columns': ['store_id', 'event_date']},
            {'columns': ['built_at']}
        ]
    )
}}

with transaction_lines as (
    select * from {{ ref('int_finance__ledger_transaction_lines') }}
    where {{ is_touched }}
),

settlement_lines as (
    select * from {{ ref('int_finance__ledger_settlement_lines') }}
    where {{ is_touched }}
),

classes as (
    select * from {{ ref('financial_classes') }}
),

vat_rates as (
    select * from {{ ref('vat_rates') }}
),

lines as (
    select * from transaction_lines
    union all
    select * from settlement_lines
),

vocabulary as (
    select distinct
        source,
        kind,
        amount_type,
        amount_description
    from lines
),

-- The most exact row of the seed decides.
candidates as (
    select
        vocabulary.source,
        vocabulary.kind,
        vocabulary.amount_type,
        vocabulary.amount_description,
        classes.class,
        row_number() over (
            partition by
                vocabulary.source,
                vocabulary.kind,
                vocabulary.amount_type,
                vocabulary.amount_description
            order by
                length(classes.amount_type) desc,
                (classes.amount_description is not null) desc,
                (classes.kind is not null) desc
        ) as place
    from vocabulary
    inner join classes
        on
            vocabulary.source = classes.source
            and (classes.kind is null or vocabulary.kind = classes.kind)
            and (
                {{ letters('vocabulary.amount_type') }} = {{ letters('classes.amount_type') }}
                or (
                    classes.source = 'transaction'
                    and lower(vocabulary.amount_type) like lower(classes.amount_type) || '/%'
                )
            )
            and (
                classes.amount_description is null
                or {{ letters('vocabulary.amount_description') }}
                = {{ letters('classes.amount_description') }}
            )
),

classified as (
    select
        lines.*,
        coalesce(candidates.class, 'other_unmapped') as class
    from lines
    left join candidates
        on
            lines.source = candidates.source
            and lines.kind = candidates.kind
            and lines.amount_type is not distinct from candidates.amount_type
            and lines.amount_description is not distinct from candidates.amount_description
            and candidates.place = 1
),

-- Where Amazon tells the tax of a sale apart, its price is without it.
taxed as (
    select
        *,
        case
            when not {{ is_sales_class('class') }} then null
            when prices_include_tax is null then 'unknown'
            when not prices_include_tax then 'excluded'
            when
                {{ any_true("class = 'tax_collected'") }} over (
                    partition by
                        store_id, selling_partner_id, entry_id, kind, order_id, posted_at
                )
                then 'separate'
            else 'included'
        end as tax_treatment
    from classified
),

rated as (
    select
        taxed.*,
        case
            when taxed.tax_treatment = 'included'
                then coalesce(of_sku.vat_rate, of_country.vat_rate)
        end as vat_rate
    from taxed
    left join vat_rates as of_country
        on
            taxed.country_code = of_country.country_code
            and of_country.seller_sku is null
            and taxed.event_date >= of_country.valid_from
            and taxed.event_date <= coalesce(of_country.valid_until, taxed.event_date)
    left join vat_rates as of_sku
        on
            taxed.country_code = of_sku.country_code
            and taxed.seller_sku = of_sku.seller_sku
            and taxed.event_date >= of_sku.valid_from
            and taxed.event_date <= coalesce(of_sku.valid_until, taxed.event_date)
),

netted as (
    select
        *,
        case
            when tax_treatment = 'included' then {{ money('amount / (1 + vat_rate)') }}
            when tax_treatment = 'unknown' then null
            else {{ money('amount') }}
        end as net_amount
    from rated
)

select
    netted.store_id,
    netted.selling_partner_id,
    netted.line_id,
    netted.region,
    netted.source,
    netted.entry_id,
    netted.transaction_id,
    netted.item_ordinal,
    netted.breakdown_ordinal,
    netted.settlement_id,
    netted.settlement_line_no,
    netted.event_group_id,
    netted.account_type,
    netted.kind,
    netted.transaction_type,
    netted.amount_type,
    netted.amount_description,
    netted.class,
    {{ is_balance_move('netted.class') }} as is_balance_move,
    netted.kind in ('order', 'refund') as is_of_order,
    netted.is_multi_channel,
    netted.marketplace_id,
    netted.country_code,
    netted.order_id,
    netted.reference_id,
    netted.order_item_id,
    netted.seller_sku,
    netted.asin,
    netted.quantity,
    netted.status,
    netted.deferral_reason,
    netted.matures_at,
    netted.posted_at,
    netted.event_at,
    netted.event_date,
    'marketplace' as day_basis,
    netted.time_zone,
    netted.released_date,
    netted.settled_date,
    netted.deposit_date,
    netted.currency_code,
    {{ money('netted.amount') }} as amount,
    netted.tax_treatment,
    cast(netted.vat_rate as numeric(6, 4)) as vat_rate,
    {{ money('netted.net_amount') }} as net_amount,
    {{ money('netted.amount - netted.net_amount') }} as vat_amount,
    exchange_rates.fx_rate,
    exchange_rates.fx_rate_date,
    exchange_rates.reporting_currency_code,
    {{ in_reporting('netted.amount') }} as amount_reporting,
    {{ built_at() }} as built_at
from netted
{{ exchange_rates('netted', date='event_date') }}
