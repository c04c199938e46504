with source as (
    {{ typed_source('amazon_sp', 'orders_bulk') }}
)

select * from source
