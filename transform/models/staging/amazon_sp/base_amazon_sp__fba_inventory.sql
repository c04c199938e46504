with source as (
    {{ typed_source('amazon_sp', 'fba_inventory') }}
)

select * from source
