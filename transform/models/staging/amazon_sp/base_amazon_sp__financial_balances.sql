with source as (
    {{ typed_source('amazon_sp', 'financial_balances') }}
)

select * from source
