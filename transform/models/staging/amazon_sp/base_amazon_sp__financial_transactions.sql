with source as (
    {{ typed_source('amazon_sp', 'financial_transactions') }}
)

select * from source
