{#- Finance. -#}

{#- A word of Amazon's vocabulary without what its spellings differ in: case, spaces, punctuation. -#}
{% macro letters(word) -%}
    {{ return(adapter.dispatch('letters')(word)) }}
{%- endmacro %}

{% macro postgres__letters(word) -%}
    regexp_replace(lower({{ word }}), '[[:space:][:punct:]]+', '', 'g')
{%- endmacro %}

{#- The path of a breakdown without what a transaction's own tree has above an item's: sales or
    expenses, refunded or not. -#}
{% macro breakdown_path(path) -%}
    {{ return(adapter.dispatch('breakdown_path')(path)) }}
{%- endmacro %}

{% macro postgres__breakdown_path(path) -%}
    regexp_replace({{ path }}, '^(refunded )?(sales|expenses)/', '', 'i')
{%- endmacro %}

{#- Condition: a class of what customers pay, which can contain VAT. -#}
{% macro is_sales_class(class) -%}
    {{ class }} in (
        'product_sales', 'product_sales_refund', 'promotion', 'promotion_refund',
        'shipping', 'shipping_refund', 'shipping_promotion', 'shipping_promotion_refund',
        'gift_wrap', 'gift_wrap_refund'
    )
{%- endmacro %}

{#- Condition: money between settlements and to the bank; neither income nor cost. -#}
{% macro is_balance_move(class) -%}
    {{ class }} in ('reserve', 'carried_balance', 'transfer')
{%- endmacro %}

{#- Condition for an incremental model that computes everything and stores what differs: the row is new
    or one of its columns has another value than in the table (alias `known`). -#}
{% macro differs_from_known(row, columns) -%}
    ({{ row }}.{{ columns | join(', ' ~ row ~ '.') }})
    is distinct from (known.{{ columns | join(', known.') }})
{%- endmacro %}

{#- A scalar: the digest of all rows of a small table, so that an edited seed is noticed. -#}
{% macro row_digest(relation) -%}
    {{ return(adapter.dispatch('row_digest')(relation)) }}
{%- endmacro %}

{% macro postgres__row_digest(relation) -%}
    (select coalesce(md5(string_agg(cast(seed as text), '' order by cast(seed as text))), '') from {{ relation }} as seed)
{%- endmacro %}

{#- Aggregate: texts joined in their own order. -#}
{% macro joined_texts(expression) -%}
    {{ return(adapter.dispatch('joined_texts')(expression)) }}
{%- endmacro %}

{% macro postgres__joined_texts(expression) -%}
    string_agg({{ expression }}, ' ' order by {{ expression }})
{%- endmacro %}

{#- The sums that finance's daily models share, each with the lines of the ledger that it adds up. -#}
{% macro ledger_sums() -%}
    {{ return({
        'gross_sales': "class = 'product_sales'",
        'promotions': "class = 'promotion'",
        'refunds': "class in ('product_sales_refund', 'promotion_refund')",
        'net_sales_with_tax': 'is_net_sales',
        'other_sales_with_tax': 'is_other_sales',
        'referral_fees': "class = 'referral_fee'",
        'fba_fees': "class = 'fba_fulfilment'",
        'storage_fees': "class = 'storage'",
        'inbound_fees': "class = 'inbound'",
        'removal_fees': "class = 'removal'",
        'points': "class = 'points'",
        'vat_on_fees': "class = 'vat_on_fees'",
        'other_fees': "class = 'other_fee'",
        'multi_channel_fees': 'is_multi_channel',
        'reimbursements': "class in ('reimbursement', 'safe_t', 'a_to_z')",
        'tax_collected': "class = 'tax_collected'",
        'tax_withheld': "class = 'tax_withheld'",
        'advertising_settled': "class = 'advertising'",
        'loans': "class = 'loan'",
        'liquidations': "class = 'liquidation'",
        'other_unmapped': "class = 'other_unmapped'",
        'total_amount': 'true',
        'unallocated_amount': 'not is_of_order',
        'deferred_amount': "status = 'deferred'"
    }) }}
{%- endmacro %}

{#- What finance's daily models add up: those sums; sales without tax as far as it is known, and how
    many lines it is not known of; units; lines not settled yet; what was set free. -#}
{% macro ledger_columns() -%}
    {{ return(ledger_sums().keys() | list + [
        'known_net_sales', 'known_other_sales', 'untaxed_net_sales', 'untaxed_other_sales',
        'units_sold', 'units_refunded', 'lines', 'unsettled_lines', 'released_amount'
    ]) }}
{%- endmacro %}

{#- Columns of a daily mart, of a row of int_finance__daily added up (alias `sums`) and
    exchange_rates. -#}
{% macro finance_measures() -%}
    {%- set net_sales = 'case when sums.untaxed_net_sales = 0 then sums.known_net_sales end' -%}
    {%- set other_sales = 'case when sums.untaxed_other_sales = 0 then sums.known_other_sales end' -%}
    {%- set net_revenue = '(' ~ net_sales ~ ') + (' ~ other_sales ~ ') + ' ~ amazon_fees('sums') -%}
    {%- set cogs = 'case when sums.units_without_cost = 0 then coalesce(sums.cogs, 0) else sums.cogs end' -%}
    {%- set contribution = net_revenue ~ ' + sums.reimbursements + sums.ad_spend + '
        ~ 'case when sums.units_without_cost = 0 then coalesce(sums.cogs, 0) end' -%}
    {{ whole('sums.units_sold') }} as units_sold,
    {{ whole('sums.units_refunded') }} as units_refunded,
    {{ money('sums.gross_sales') }} as gross_sales,
    {{ money('sums.promotions') }} as promotions,
    {{ money('sums.refunds') }} as refunds,
    {{ money('sums.net_sales_with_tax') }} as net_sales_with_tax,
    {{ money(net_sales) }} as net_sales,
    {{ money('sums.other_sales_with_tax') }} as other_sales_with_tax,
    {{ money(other_sales) }} as other_sales,
    {{ money('sums.referral_fees') }} as referral_fees,
    {{ money('sums.fba_fees') }} as fba_fees,
    {{ money('sums.storage_fees') }} as storage_fees,
    {{ money('sums.inbound_fees') }} as inbound_fees,
    {{ money('sums.removal_fees') }} as removal_fees,
    {{ money('sums.points') }} as points,
    {{ money('sums.vat_on_fees') }} as vat_on_fees,
    {{ money('sums.other_fees') }} as other_fees,
    {{ money(amazon_fees('sums')) }} as amazon_fees,
    {{ money('sums.multi_channel_fees') }} as multi_channel_fees,
    {{ money(net_revenue) }} as net_revenue,
    {{ money('sums.reimbursements') }} as reimbursements,
    {{ money('sums.ad_spend') }} as ad_spend,
    sums.ad_spend_source,
    {{ money(cogs) }} as cogs,
    {{ whole('sums.units_without_cost') }} as units_without_cost,
    {{ whole('sums.units_returned_sellable') }} as units_returned_sellable,
    {{ money(contribution) }} as contribution,
    {{ ratio(contribution, net_sales) }} as contribution_margin,
    {{ money('sums.tax_collected') }} as tax_collected,
    {{ money('sums.tax_withheld') }} as tax_withheld,
    {{ money(
        'sums.net_sales_with_tax - (' ~ net_sales ~ ') + sums.other_sales_with_tax - ('
        ~ other_sales ~ ')'
    ) }} as vat_included,
    {{ money('sums.advertising_settled') }} as advertising_settled,
    {{ money('sums.loans') }} as loans,
    {{ money('sums.liquidations') }} as liquidations,
    {{ money('sums.other_unmapped') }} as other_unmapped,
    {{ money('sums.total_amount') }} as total_amount,
    {{ money('sums.unallocated_amount') }} as unallocated_amount,
    {{ money('sums.deferred_amount') }} as deferred_amount,
    {{ money('sums.released_amount') }} as released_amount,
    sums.lines > 0 and sums.unsettled_lines = 0 as is_final,
    exchange_rates.fx_rate,
    exchange_rates.fx_rate_date,
    exchange_rates.reporting_currency_code,
    {{ in_reporting('(' ~ net_sales ~ ')') }} as net_sales_reporting,
    {{ in_reporting('(' ~ net_revenue ~ ')') }} as net_revenue_reporting,
    {{ in_reporting('(' ~ contribution ~ ')') }} as contribution_reporting,
    {{ in_reporting('sums.total_amount') }} as total_amount_reporting
{%- endmacro %}

{#- Every fee of a row of those sums. -#}
{% macro amazon_fees(row) -%}
    {%- set fees = [
        'referral_fees', 'fba_fees', 'storage_fees', 'inbound_fees', 'removal_fees', 'points',
        'vat_on_fees', 'other_fees'
    ] -%}
    ({{ row }}.{{ fees | join(' + ' ~ row ~ '.') }})
{%- endmacro %}
