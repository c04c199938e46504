{#- Attribution models, over the visits of an order's journey. -#}

{#- The models that credit visits, in the order in which they are told. -#}
{% macro attribution_models() -%}
    {{ return(['last_click', 'first_click', 'linear', 'time_decay']) }}
{%- endmacro %}

{#- What a visit weighs beside the others of its journey: columns moment_ordinal, moments,
    occurred_at and ordered_at. Time decay halves it for every attribution_half_life_days that it lies
    before the order; a visit after the order weighs like one at its instant. -#}
{% macro attribution_weight(model) -%}
    {%- if model == 'last_click' -%}
        case when moment_ordinal = moments then 1 else 0 end
    {%- elif model == 'first_click' -%}
        case when moment_ordinal = 1 then 1 else 0 end
    {%- elif model == 'linear' -%}
        1
    {%- elif model == 'time_decay' -%}
        power(
            cast(0.5 as numeric),
            greatest({{ days_between('occurred_at', 'ordered_at') }}, 0)
            / cast({{ var('attribution_half_life_days') }} as numeric)
        )
    {%- endif -%}
{%- endmacro %}

{#- Days between two instants, with their fraction. -#}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}

{% macro postgres__days_between(earlier, later) -%}
    (extract(epoch from ({{ later }} - {{ earlier }})) / 86400)
{%- endmacro %}

{#- A visit's part of something of its order, rounded so that the parts of all visits add up to the
    whole: the whole up to this visit less the whole up to the one before. -#}
{% macro attribution_part(whole, digits) -%}
    round({{ whole }} * weight_so_far / weights, {{ digits }})
    - round({{ whole }} * (weight_so_far - weight) / weights, {{ digits }})
{%- endmacro %}
