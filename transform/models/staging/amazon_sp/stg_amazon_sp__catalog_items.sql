with catalog_items as (
    {{ typed_source('amazon_sp', 'catalog_items') }}
)

select * from catalog_items
