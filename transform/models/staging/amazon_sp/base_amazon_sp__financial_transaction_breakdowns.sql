with source as (
    {{ typed_source('amazon_sp', 'financial_transaction_breakdowns') }}
)

select * from source
