with images as (
    select * from {{ ref('stg_amazon_sp__catalog_item_images') }}
),

metadata as (
    select * from {{ ref('stg_amazon_ads__product_metadata') }}
),

candidates as (
    select
        store_id,
        marketplace_id,
        asin,
        'catalog' as image_source,
        url,
        width,
        height,
        fetched_at,
        1 as preference
    from images
    where variant = 'MAIN'
    union all
    select
        store_id,
        marketplace_id,
        asin,
        'advertising' as image_source,
        image_url as url,
        null as width,
        null as height,
        fetched_at,
        2 as preference
    from metadata
    where image_url is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by store_id, marketplace_id, asin
            order by
                preference asc,
                {{ midnight(local_date('fetched_at', "'UTC'")) }} desc,
                width desc nulls last,
                url asc
        ) as choice
    from candidates
),

counted as (
    select
        store_id,
        marketplace_id,
        asin,
        count(distinct variant) as pictures
    from images
    group by store_id, marketplace_id, asin
)

select
    ranked.store_id,
    ranked.marketplace_id,
    ranked.asin,
    ranked.url,
    {{ sha256_hex('ranked.url') }} as url_hash,
    ranked.width,
    ranked.height,
    ranked.image_source,
    counted.pictures,
    ranked.fetched_at,
    {{ days_later('ranked.fetched_at', var('image_cache_days')) }} as expires_at,
    {{ is_stale_image('ranked.fetched_at') }} as is_stale
from ranked
left join counted
    on
        ranked.store_id = counted.store_id
        and ranked.marketplace_id = counted.marketplace_id
        and ranked.asin = counted.asin
where ranked.choice = 1
