with source as (
    {{ typed_source('ops', 'connection_states') }}
)

select * from source
