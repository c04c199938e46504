with source as (
    {{ typed_source('reference', 'ecb_exchange_rates') }}
)

select * from source
