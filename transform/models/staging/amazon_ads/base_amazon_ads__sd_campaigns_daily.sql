with source as (
    {{ typed_source('amazon_ads', 'sd_campaigns_daily') }}
)

select * from source
