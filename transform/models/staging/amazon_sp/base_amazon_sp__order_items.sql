with source as (
    {{ typed_source('amazon_sp', 'order_items') }}
)

select * from source
