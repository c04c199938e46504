with source as (
    {{ typed_source('amazon_ads', 'profiles') }}
)

select * from source
