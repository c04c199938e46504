with source as (
    {{ typed_source('amazon_ads', 'sd_campaigns') }}
)

select * from source
