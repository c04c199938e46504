with source as (
    {{ typed_source('amazon_ads', 'sb_campaigns_daily') }}
)

select * from source
