with shops as (
    select
        *,
        row_number() over (
            partition by store_id order by extracted_at desc nulls last, shop_id asc
        ) as recency
    from {{ shopify_base('shop') }}
)

select
    store_id,
    shop_id,
    shop_domain,
    shop_name,
    currency_code,
    time_zone,
    country_code,
    extracted_at
from shops
where recency = 1
