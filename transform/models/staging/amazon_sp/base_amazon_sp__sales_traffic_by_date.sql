with source as (
    {{ typed_source('amazon_sp', 'sales_traffic_by_date') }}
)

select * from source
