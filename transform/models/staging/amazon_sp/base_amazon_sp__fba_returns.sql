with source as (
    {{ typed_source('amazon_sp', 'fba_returns') }}
)

select * from source
