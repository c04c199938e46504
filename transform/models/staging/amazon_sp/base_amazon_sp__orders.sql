with source as (
    {{ typed_source('amazon_sp', 'orders') }}
)

select * from source
