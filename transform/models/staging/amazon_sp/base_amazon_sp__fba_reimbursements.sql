with source as (
    {{ typed_source('amazon_sp', 'fba_reimbursements') }}
)

select * from source
