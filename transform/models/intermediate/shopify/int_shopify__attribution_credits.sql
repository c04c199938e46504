with orders as (
    select * from {{ ref('fct_orders') }}
    where
        channel = 'shopify'
        and is_sale
),

journeys as (
    select * from {{ ref('stg_shopify__order_journeys') }}
),

moments as (
    select * from {{ ref('stg_shopify__order_moments') }}
),

-- A journey that Shopify has not put together yet would lack its last visits.
visits as (
    select
        orders.store_id,
        orders.order_id,
        orders.date,
        orders.ordered_at,
        orders.product_amount - orders.product_discount_amount as revenue,
        moments.occurred_at,
        lower(moments.source) as source,
        lower(moments.medium) as medium,
        moments.campaign,
        row_number() over (
            partition by orders.store_id, orders.order_id order by moments.moment_ordinal
        ) as moment_ordinal,
        count(*) over (partition by orders.store_id, orders.order_id) as moments
    from orders
    inner join journeys
        on
            orders.store_id = journeys.store_id
            and orders.order_id = journeys.order_id
            and journeys.is_ready
    inner join moments
        on
            orders.store_id = moments.store_id
            and orders.order_id = moments.order_id
),

weighed as (
    {% for model in attribution_models() %}
        select
            visits.*,
            '{{ model }}' as model,
            {{ attribution_weight(model) }} as weight
        from visits
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (
    select
        *,
        sum(weight) over (
            partition by store_id, order_id, model
            order by moment_ordinal rows unbounded preceding
        ) as weight_so_far,
        sum(weight) over (partition by store_id, order_id, model) as weights
    from weighed
)

select
    store_id,
    order_id,
    model,
    moment_ordinal,
    date,
    source,
    medium,
    campaign,
    cast({{ attribution_part('cast(1 as numeric)', 6) }} as numeric(18, 6)) as orders,
    {{ money(attribution_part('revenue', 2)) }} as revenue
from summed
