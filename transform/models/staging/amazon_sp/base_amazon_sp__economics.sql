with source as (
    {{ typed_source('amazon_sp', 'economics') }}
)

select * from source
