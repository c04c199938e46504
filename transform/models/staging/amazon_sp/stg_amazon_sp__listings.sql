with listings as (
    {{ typed_source('amazon_sp', 'listings') }}
),

reports as (
    select
        *,
        first_value(report_id) over (
            partition by store_id, selling_partner_id, marketplace_id
            order by extracted_at desc, report_id desc
        ) as newest_report_id
    from listings
)

select
    store_id,
    selling_partner_id,
    marketplace_id,
    seller_sku,
    {{ listed_asin('asin_1', 'product_id') }} as asin,
    item_name,
    status,
    fulfillment_channel,
    {{ money('price') }} as price_amount,
    report_id = newest_report_id as is_listed,
    report_id,
    extracted_at
from reports
