with source as (
    {{ typed_source('ops', 'stores') }}
)

select * from source
