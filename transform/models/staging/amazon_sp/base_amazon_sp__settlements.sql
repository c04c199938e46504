with source as (
    {{ typed_source('amazon_sp', 'settlements') }}
)

select * from source
