with images as (
    {{ typed_source('amazon_sp', 'catalog_item_images') }}
),

items as (
    select * from {{ ref('stg_amazon_sp__catalog_items') }}
)

-- images older than their item's newest reading are gone
select images.*
from images
inner join items
    on
        images.store_id = items.store_id
        and images.selling_partner_id = items.selling_partner_id
        and images.marketplace_id = items.marketplace_id
        and images.asin = items.asin
        and images.report_id = items.report_id
