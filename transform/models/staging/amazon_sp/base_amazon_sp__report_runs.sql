with source as (
    {{ typed_source('amazon_sp', 'report_runs') }}
)

select * from source
