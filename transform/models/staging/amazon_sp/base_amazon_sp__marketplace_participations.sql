with source as (
    {{ typed_source('amazon_sp', 'marketplace_participations') }}
)

select * from source
