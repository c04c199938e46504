with source as (
    {{ typed_source('amazon_sp', 'financial_transaction_items') }}
)

select * from source
