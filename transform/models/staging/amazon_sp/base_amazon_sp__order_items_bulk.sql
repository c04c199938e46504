with source as (
    {{ typed_source('amazon_sp', 'order_items_bulk') }}
)

select * from source
