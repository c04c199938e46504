with source as (
    {{ typed_source('amazon_sp', 'settlement_lines') }}
)

select * from source
