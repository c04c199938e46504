with source as (
    {{ typed_source('amazon_ads', 'report_runs') }}
)

select * from source
