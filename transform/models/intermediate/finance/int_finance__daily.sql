{{ config(materialized='table') }}

with sku_days as (
    select * from {{ ref('int_finance__amazon_sku_daily') }}
),

ad_spend as (
    select * from {{ ref('int_finance__ad_spend') }}
),

covered as (
    select distinct
        store_id,
        marketplace_id,
        date
    from ad_spend
),

cogs as (
    select * from {{ ref('int_finance__cogs') }}
),

shop_days as (
    select * from {{ ref('int_finance__shopify_sku_daily') }}
),

-- The ledger's advertising counts where no report of the Ads API covers the day.
ledger_spend as (
    select
        sku_days.store_id,
        sku_days.marketplace_id,
        sku_days.date,
        sku_days.currency_code,
        sum(sku_days.advertising_settled) as ad_spend
    from sku_days
    left join covered
        on
            sku_days.store_id = covered.store_id
            and sku_days.marketplace_id = covered.marketplace_id
            and sku_days.date = covered.date
    where covered.store_id is null
    group by sku_days.store_id, sku_days.marketplace_id, sku_days.date, sku_days.currency_code
),

spent as (
    select
        store_id,
        marketplace_id,
        date,
        currency_code,
        seller_sku,
        -spend as ad_spend,
        'ads_api' as ad_spend_source
    from ad_spend
    union all
    select
        store_id,
        marketplace_id,
        date,
        currency_code,
        null as seller_sku,
        ad_spend,
        'ledger' as ad_spend_source
    from ledger_spend
),

parts as (
    select
        store_id,
        'amazon' as channel,
        marketplace_id,
        date,
        currency_code,
        case when seller_sku is null then 'unallocated' else 'sku' end as allocation,
        seller_sku,
        {%- for name in ledger_columns() %}
            {{ name }},
        {%- endfor %}
        cast(null as numeric) as ad_spend,
        cast(null as text) as ad_spend_source,
        cast(null as numeric) as cogs,
        0 as units_returned_sellable,
        0 as units_without_cost
    from sku_days
    union all
    select
        store_id,
        'amazon' as channel,
        marketplace_id,
        date,
        currency_code,
        case when seller_sku is null then 'advertising' else 'sku' end as allocation,
        seller_sku,
        {%- for name in ledger_columns() %}
            0 as {{ name }},
        {%- endfor %}
        ad_spend,
        ad_spend_source,
        null as cogs,
        0 as units_returned_sellable,
        0 as units_without_cost
    from spent
    union all
    select
        store_id,
        'amazon' as channel,
        marketplace_id,
        date,
        currency_code,
        'sku' as allocation,
        seller_sku,
        {%- for name in ledger_columns() %}
            0 as {{ name }},
        {%- endfor %}
        null as ad_spend,
        null as ad_spend_source,
        cogs,
        units_returned_sellable,
        units_without_cost
    from cogs
    union all
    select
        store_id,
        'shopify' as channel,
        null as marketplace_id,
        date,
        currency_code,
        case when seller_sku is null then 'unallocated' else 'sku' end as allocation,
        seller_sku,
        {%- for name in ledger_columns() %}
            {{ name }},
        {%- endfor %}
        null as ad_spend,
        null as ad_spend_source,
        cogs,
        units_returned_sellable,
        units_without_cost
    from shop_days
)

select
    store_id,
    channel,
    marketplace_id,
    date,
    currency_code,
    allocation,
    seller_sku,
    {%- for name in ledger_columns() %}
        sum({{ name }}) as {{ name }},
    {%- endfor %}
    coalesce(sum(ad_spend), 0) as ad_spend,
    min(ad_spend_source) as ad_spend_source,
    sum(cogs) as cogs,
    sum(units_returned_sellable) as units_returned_sellable,
    sum(units_without_cost) as units_without_cost
from parts
group by store_id, channel, marketplace_id, date, currency_code, allocation, seller_sku
