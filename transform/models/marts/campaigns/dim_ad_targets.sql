{%- set sources = [
    ('SPONSORED_PRODUCTS', 'sp_keywords', true, 'keyword_id', 'match_type', 'keyword_text'),
    ('SPONSORED_BRANDS', 'sb_keywords', true, 'keyword_id', 'match_type', 'keyword_text'),
    ('SPONSORED_PRODUCTS', 'sp_targets', false, 'target_id', 'expression_type',
        targeting_words('coalesce(resolved_expression, expression)')),
    ('SPONSORED_BRANDS', 'sb_targets', false, 'target_id', "'MANUAL'",
        targeting_words('coalesce(resolved_expressions, expressions)')),
    ('SPONSORED_DISPLAY', 'sd_targets', false, 'target_id', 'expression_type',
        targeting_words('coalesce(resolved_expression, expression)'))
] -%}
with sp_keywords as (
    select * from {{ ref('stg_amazon_ads__sp_keywords') }}
),

sb_keywords as (
    select * from {{ ref('stg_amazon_ads__sb_keywords') }}
),

sp_targets as (
    select * from {{ ref('stg_amazon_ads__sp_targets') }}
),

sb_targets as (
    select * from {{ ref('stg_amazon_ads__sb_targets') }}
),

sd_targets as (
    select * from {{ ref('stg_amazon_ads__sd_targets') }}
)

{% for ad_product, relation, is_keyword, id, kind, words in sources %}
    select
        store_id,
        profile_id,
        '{{ ad_product }}' as ad_product,
        campaign_id,
        ad_group_id,
        {{ id }} as target_id,
        {{ is_keyword }} as is_keyword,
        {{ kind }} as match_type,
        {{ words }} as targeting,
        state,
        {{ money('bid') }} as bid,
        currency_code,
        extracted_at
    from {{ relation }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
