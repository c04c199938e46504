{%- set attributes = [
    'campaign_name', 'state', 'portfolio_id', 'portfolio_name', 'targeting_type', 'cost_type',
    'budget_amount', 'budget_type', 'start_date', 'end_date', 'is_legacy'
] -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        schema='history',
        full_refresh=false,
        on_schema_change='fail',
        indexes=[
            {
                'columns': ['store_id', 'profile_id', 'ad_product', 'campaign_id', 'valid_from'],
                'unique': true
            },
            {'columns': ['built_at']}
        ]
    )
}}

with campaigns as (
    select * from {{ ref('int_amazon_ads__campaigns') }}
)

select
    campaigns.store_id,
    campaigns.profile_id,
    campaigns.ad_product,
    campaigns.campaign_id,
    campaigns.extracted_at as valid_from,
    campaigns.time_zone,
    {%- for attribute in attributes %}
        campaigns.{{ attribute }},
    {%- endfor %}
    {{ built_at() }} as built_at
from campaigns
{%- if is_incremental() %}
    where
        -- unless the newest version that is known tells the same, or was read as late
        not exists (
            select 1
            from {{ this }} as known
            where
                known.store_id = campaigns.store_id
                and known.profile_id = campaigns.profile_id
                and known.ad_product = campaigns.ad_product
                and known.campaign_id = campaigns.campaign_id
                and known.valid_from = (
                    select max(versions.valid_from)
                    from {{ this }} as versions
                    where
                        versions.store_id = campaigns.store_id
                        and versions.profile_id = campaigns.profile_id
                        and versions.ad_product = campaigns.ad_product
                        and versions.campaign_id = campaigns.campaign_id
                )
                and (
                    known.valid_from >= campaigns.extracted_at
                    or ({{ same_values('known', 'campaigns', attributes) }})
                )
        )
{%- endif %}
