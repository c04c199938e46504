with source as (
    {{ typed_source('amazon_ads', 'sp_campaigns') }}
)

select * from source
