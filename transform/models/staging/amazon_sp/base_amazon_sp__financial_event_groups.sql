with source as (
    {{ typed_source('amazon_sp', 'financial_event_groups') }}
)

select * from source
