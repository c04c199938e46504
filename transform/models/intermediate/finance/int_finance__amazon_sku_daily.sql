{{
    config(
        materialized='table',
        indexes=[{'columns': ['store_id', 'date']}]
    )
}}

with lines as (
    select
        *,
        class in ('product_sales', 'promotion', 'product_sales_refund', 'promotion_refund')
            as is_net_sales,
        class in (
            'shipping', 'shipping_promotion', 'shipping_refund', 'shipping_promotion_refund',
            'gift_wrap', 'gift_wrap_refund'
        ) as is_other_sales
    from {{ ref('fct_financial_lines') }}
    where not is_balance_move
),

-- By the day of the sale, refund or charge.
events as (
    select
        store_id,
        marketplace_id,
        country_code,
        event_date as date,
        time_zone,
        currency_code,
        seller_sku,
        {%- for name, condition in ledger_sums().items() %}
            coalesce(sum(amount) filter (where {{ condition }}), 0) as {{ name }},
        {%- endfor %}
        coalesce(sum(net_amount) filter (where is_net_sales), 0) as known_net_sales,
        coalesce(sum(net_amount) filter (where is_other_sales), 0) as known_other_sales,
        count(*) filter (where is_net_sales and net_amount is null) as untaxed_net_sales,
        count(*) filter (where is_other_sales and net_amount is null) as untaxed_other_sales,
        coalesce(sum(quantity) filter (where class = 'product_sales'), 0) as units_sold,
        coalesce(sum(quantity) filter (where class = 'product_sales_refund'), 0) as units_refunded,
        count(*) as lines,
        count(*) filter (where status <> 'settled') as unsettled_lines,
        0 as released_amount
    from lines
    group by
        store_id, marketplace_id, country_code, event_date, time_zone, currency_code, seller_sku
),

-- By the day on which money was set free.
releases as (
    select
        store_id,
        marketplace_id,
        country_code,
        released_date as date,
        time_zone,
        currency_code,
        seller_sku,
        {%- for name in ledger_columns() if name != 'released_amount' %}
            0 as {{ name }},
        {%- endfor %}
        sum(amount) as released_amount
    from lines
    where released_date is not null
    group by
        store_id, marketplace_id, country_code, released_date, time_zone, currency_code, seller_sku
),

both_bases as (
    select * from events
    union all
    select * from releases
)

select
    store_id,
    marketplace_id,
    country_code,
    date,
    time_zone,
    currency_code,
    seller_sku,
    {%- for name in ledger_columns() if name != 'released_amount' %}
        sum({{ name }}) as {{ name }},
    {%- endfor %}
    sum(released_amount) as released_amount
from both_bases
group by store_id, marketplace_id, country_code, date, time_zone, currency_code, seller_sku
