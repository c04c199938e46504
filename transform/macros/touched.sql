{#- Incremental models recompute what was touched since their last build, and nothing else.

    A model says what that is in a list of changes. `touched_condition` makes a condition of it that
    is used twice: by the model's own query (which rows to compute) and by the strategy
    `replace_touched` (which rows of the table to delete first, so that rows which are gone go). A
    full refresh computes everything and gives the same rows. A change is one of

    {'by': [columns], 'rebuilt_in': [models], 'where': condition, 'final': {column: days}}
        sets of `by` for which one of the models has a row (alias `fresh`, of those that fulfil the
        condition) built after this table was; and those whose day has meanwhile become final
        (`final`: the flag's column and its days);
    {'by': [columns], 'differs_from': model, 'on': [columns]}
        sets of `by` for which that model and this table do not hold the same values of `on`.

    The models named must be made of tables that dbt built, not of raw: the loader writes meanwhile,
    and both uses must see the same. -#}

{#- Condition on the columns of `by`, for a relation that has them: true in a full build. What was
    touched is looked up first, since the days it spans tell the database far more than the
    question does. -#}
{% macro touched_condition(touched) -%}
    {%- set sets = [] -%}
    {%- for change in touched -%}
        {%- set keys = touched_sets(change) -%}
        {%- if execute and is_incremental() -%}
            {%- set by_day = 'date' in change.by -%}
            {%- set span = run_query(
                'select count(*)' ~ (', min(date), max(date)' if by_day else '')
                ~ ' from (' ~ keys ~ ') as touched'
            ).rows[0] -%}
            {%- set condition = '(' ~ change.by | join(', ') ~ ') in (' ~ keys ~ ')' -%}
            {%- if span[0] and by_day -%}
                {%- do sets.append(
                    "(date between '" ~ span[1] ~ "' and '" ~ span[2] ~ "' and " ~ condition ~ ')'
                ) -%}
            {%- elif span[0] -%}
                {%- do sets.append('(' ~ condition ~ ')') -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not is_incremental() -%}
        true
    {%- elif sets -%}
        ({{ sets | join('\n or ') }})
    {%- else -%}
        false
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
        where
            present.{{ flag }} is distinct from {{ is_final('present.date', 'present.time_zone', days) }}
            {#- zones are at most a day apart from UTC: look at the few days that can be wrong -#}
            and (
                (not present.{{ flag }} and present.date <= {{ days_later(as_of(), 1 - days) }})
                or (present.{{ flag }} and present.date > {{ days_later(as_of(), -1 - days) }})
            )
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
    delete from {{ arg_dict['target_relation'] }}
    where {{ touched_condition(config.get('meta')['touched']) }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{#- Condition: two relations have the same values of the columns, NULL being one. -#}
{% macro same_values(left, right, columns) -%}
    {%- for column in columns -%}
        {{ 'and ' if not loop.first }}{{ left }}.{{ column }}
        is not distinct from {{ right }}.{{ column }}
    {% endfor -%}
{%- endmacro %}
