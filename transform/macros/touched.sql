{#- Incremental models recompute what was touched since their last build, and nothing else.

    A model says what that is in a list of changes, used twice: by `is_touched` in its own query
    (which rows to compute) and by the strategy `replace_touched` (which rows of the table to
    delete first, so that rows which are gone go). A full refresh computes everything and gives
    the same rows. A change is one of

    {'by': [columns], 'rebuilt_in': [models], 'where': condition, 'final': {column: days}}
        sets of `by` for which one of the models has a row (alias `fresh`, of those that fulfil the
        condition) built after this table was; and those whose day has meanwhile become final
        (`final`: the flag's column and its days);
    {'by': [columns], 'differs_from': model, 'on': [columns]}
        sets of `by` for which that model and this table do not hold the same values of `on`.

    The models of `rebuilt_in` must be tables that dbt built, with `built_at`, not views on raw:
    the loader writes meanwhile, and both uses must see the same. -#}

{#- Condition on a relation's rows: they belong to a touched set. True in a full build. -#}
{% macro is_touched(touched, alias) -%}
    {%- set sets = [] -%}
    {%- for change in touched -%}
        {%- set keys = touched_sets(change) -%}
        {%- do sets.append(
            '(' ~ alias ~ '.' ~ change.by | join(', ' ~ alias ~ '.') ~ ') in (' ~ keys ~ ')'
        ) -%}
    {%- endfor -%}
    {%- if is_incremental() -%}
        ({{ sets | join('\n or ') }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- The touched sets of one change, as a query. -#}
{% macro touched_sets(change) -%}
    {%- set by = change.by | join(', ') -%}
    {%- if 'differs_from' in change -%}
        {%- set other = ref(change.differs_from) -%}
        {%- set columns = (change.by + change.on) | join(', ') -%}
        select {{ by }}
        from (
            (select {{ columns }} from {{ other }} except select {{ columns }} from {{ this }})
            union
            (select {{ columns }} from {{ this }} except select {{ columns }} from {{ other }})
        ) as differing
    {%- else -%}
        {%- for model in change.rebuilt_in %}
        select fresh.{{ change.by | join(', fresh.') }}
        from {{ ref(model) }} as fresh
        where
            fresh.built_at > (
                select coalesce(max(seen.built_at), cast('1970-01-01' as {{ dbt.type_timestamp() }}))
                from {{ this }} as seen
            )
            {%- if 'where' in change %}
            and {{ change.where }}
            {%- endif %}
        {% if not loop.last %}union{% endif %}
        {%- endfor -%}
        {%- for flag, days in change.get('final', {}).items() %}
        union
        select {{ by }}
        from {{ this }} as present
        where present.{{ flag }} is distinct from {{ is_final('present.date', 'present.time_zone', days) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- When this build started: what rows of incremental tables are stamped with. Builds run one at a
    time, so a row stamped later than a table's own newest stamp is one that the table has not seen. -#}
{% macro built_at() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- Incremental strategy: delete the touched sets, insert what the model computed for them. -#}
{% macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }} as present
    where {{ is_touched(config.get('meta')['touched'], 'present') }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
