with source as (
    {{ typed_source('amazon_ads', 'sp_campaigns_daily') }}
)

select * from source
