{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['store_id', 'selling_partner_id', 'order_id'],
        on_schema_change='fail',
        indexes=[
            {'columns': ['store_id', 'selling_partner_id', 'order_id'], 'unique': true},
            {'columns': ['built_at']},
            {'columns': ['store_id', 'marketplace_id', 'date']}
        ]
    )
}}

with orders as (
    select * from {{ ref('base_amazon_sp__orders') }}
),

orders_bulk as (
    select * from {{ ref('base_amazon_sp__orders_bulk') }}
),

order_items as (
    select * from {{ ref('base_amazon_sp__order_items') }}
),

order_items_bulk as (
    select * from {{ ref('base_amazon_sp__order_items_bulk') }}
),

marketplaces as (
    select * from {{ ref('amazon_marketplaces') }}
),

loads as (
    select
        store_id,
        selling_partner_id,
        order_id,
        extracted_at
    from orders
    union all
    select
        store_id,
        selling_partner_id,
        order_id,
        extracted_at
    from orders_bulk
    union all
    select
        store_id,
        selling_partner_id,
        order_id,
        extracted_at
    from order_items
    union all
    select
        store_id,
        selling_partner_id,
        order_id,
        extracted_at
    from order_items_bulk
),

newest_loads as (
    select
        store_id,
        selling_partner_id,
        order_id,
        max(extracted_at) as extracted_at
    from loads
    group by store_id, selling_partner_id, order_id
),

-- Orders of which something was loaded since the last build; a line that arrives after its order
-- counts, so that the lines are looked at again.
changed as (
    select newest_loads.*
    from newest_loads
    {% if is_incremental() %}
        left join {{ this }} as known
            on
                newest_loads.store_id = known.store_id
                and newest_loads.selling_partner_id = known.selling_partner_id
                and newest_loads.order_id = known.order_id
        where newest_loads.extracted_at is distinct from known.extracted_at
    {% endif %}
),

versions as (
    select
        store_id,
        selling_partner_id,
        order_id,
        marketplace_id,
        channel_name,
        created_time as purchased_at,
        last_updated_time as last_updated_at,
        fulfillment_status as order_status,
        fulfilled_by,
        fulfillment_service_level as service_level,
        case when {{ json_list_has('programs', 'AMAZON_BUSINESS') }} then true end
            as is_business_order,
        {{ first_text('associated_orders', 'orderId') }} as replaces_order_id,
        {{ json_text_where('order_aliases', 'aliasType', "'SELLER_ORDER_ID'", 'aliasId') }}
            as seller_order_id,
        grand_total_currency_code as currency_code,
        grand_total_amount,
        null as ship_country,
        'orders' as source,
        1 as preference,
        report_id
    from orders
    union all
    select
        store_id,
        selling_partner_id,
        order_id,
        marketplace_id,
        channel_name,
        purchase_date as purchased_at,
        last_updated_date as last_updated_at,
        case
            when lower(order_status) like 'pending%availability' then 'PENDING_AVAILABILITY'
            when lower(order_status) like 'pending%' then 'PENDING'
            when lower(order_status) like 'unshipped%' then 'UNSHIPPED'
            when lower(order_status) like 'partially%' then 'PARTIALLY_SHIPPED'
            when lower(order_status) like 'shipp%' then 'SHIPPED'
            when lower(order_status) like 'cancel%' then 'CANCELLED'
            when lower(order_status) like 'unfulfillable%' then 'UNFULFILLABLE'
            else upper(order_status)
        end as order_status,
        case upper(fulfillment_channel)
            when 'AFN' then 'AMAZON'
            when 'MFN' then 'MERCHANT'
            else upper(fulfillment_channel)
        end as fulfilled_by,
        {{ constant_case('ship_service_level') }} as service_level,
        is_business_order,
        null as replaces_order_id,
        merchant_order_id as seller_order_id,
        currency_code,
        null as grand_total_amount,
        ship_country,
        'orders_bulk' as source,
        2 as preference,
        report_id
    from orders_bulk
),

ranked as (
    select
        versions.store_id,
        versions.selling_partner_id,
        versions.order_id,
        max(versions.marketplace_id) over of_order as marketplace_id,
        max(versions.channel_name) over of_order as channel_name,
        versions.purchased_at,
        versions.last_updated_at,
        versions.order_status,
        versions.fulfilled_by,
        versions.service_level,
        {{ any_true('versions.is_business_order') }} over of_order as is_business_order,
        max(versions.replaces_order_id) over of_order as replaces_order_id,
        max(versions.seller_order_id) over of_order as seller_order_id,
        max(versions.currency_code) over of_order as currency_code,
        versions.grand_total_amount,
        max(versions.ship_country) over of_order as ship_country,
        versions.source,
        versions.report_id,
        changed.extracted_at,
        row_number() over (
            partition by versions.store_id, versions.selling_partner_id, versions.order_id
            order by versions.last_updated_at desc nulls last, versions.preference asc
        ) as recency
    from versions
    inner join changed
        on
            versions.store_id = changed.store_id
            and versions.selling_partner_id = changed.selling_partner_id
            and versions.order_id = changed.order_id
    window
        of_order as (
            partition by versions.store_id, versions.selling_partner_id, versions.order_id
        )
)

select
    ranked.store_id,
    ranked.selling_partner_id,
    ranked.order_id,
    ranked.marketplace_id,
    ranked.channel_name,
    ranked.purchased_at,
    {{ local_date('ranked.purchased_at', "coalesce(marketplaces.time_zone, 'UTC')") }} as date,
    ranked.last_updated_at,
    ranked.order_status,
    ranked.fulfilled_by,
    ranked.service_level,
    ranked.is_business_order,
    ranked.replaces_order_id,
    ranked.seller_order_id,
    ranked.currency_code,
    {{ money('ranked.grand_total_amount') }} as grand_total_amount,
    ranked.ship_country,
    ranked.source,
    ranked.report_id,
    ranked.extracted_at,
    {{ built_at() }} as built_at
from ranked
left join marketplaces on ranked.marketplace_id = marketplaces.marketplace_id
where ranked.recency = 1
