with source as (
    {{ typed_source('amazon_ads', 'sb_campaigns') }}
)

select * from source
