{#- What sqlfluff puts in the place of our macros: plain SQL of the same shape. The real ones, in
    macros/, ask the database and dbt, which a linter has not. A macro that is missing here fails
    the lint. -#}

{% macro typed_source(source_name, table_name) %}select * from {{ source_name }}.{{ table_name if table_name != 'order' else 'orders' }}{% endmacro %}

{% macro as_of() %}current_timestamp{% endmacro %}
{% macro built_at() %}current_timestamp{% endmacro %}
{% macro local_date(instant, time_zone) %}cast({{ instant }} at time zone {{ time_zone }} as date){% endmacro %}
{% macro local_today(time_zone) %}current_date{% endmacro %}
{% macro is_final(day, time_zone, days) %}({{ day }} <= cast(current_timestamp at time zone {{ time_zone }} as date)){% endmacro %}
{% macro midnight(day) %}cast({{ day }} as timestamp){% endmacro %}
{% macro days_later(moment, days) %}{{ moment }}{% endmacro %}
{% macro minutes_later(moment, minutes) %}{{ moment }}{% endmacro %}
{% macro hours_between(earlier, later) %}extract(epoch from {{ later }} - {{ earlier }}){% endmacro %}

{% macro money(expression) %}cast({{ expression }} as numeric(18, 4)){% endmacro %}
{% macro ratio(numerator, denominator) %}{{ numerator }} / nullif({{ denominator }}, 0){% endmacro %}
{% macro percent(numerator, denominator) %}100 * {{ numerator }} / nullif({{ denominator }}, 0){% endmacro %}
{% macro whole(expression) %}cast({{ expression }} as bigint){% endmacro %}
{% macro any_true(expression) %}bool_or({{ expression }}){% endmacro %}
{% macro sum_of_known() %}coalesce({{ varargs | join(', ') }}){% endmacro %}
{% macro constant_case(name) %}upper({{ name }}){% endmacro %}
{% macro tax_basis(prices_include_tax) %}case when {{ prices_include_tax }} then 'includes_tax' end{% endmacro %}

{% macro proceeds_of_type(breakdowns, type) %}sum_of_type({{ breakdowns }}, '{{ type }}'){% endmacro %}
{% macro first_text(list, field) %}first_text({{ list }}, '{{ field }}'){% endmacro %}
{% macro json_list_has(list, text) %}has_text({{ list }}, '{{ text }}'){% endmacro %}
{% macro json_list(expression) %}jsonb_agg({{ expression }}){% endmacro %}
{% macro sorted_list(expression) %}string_agg({{ expression }}, ','){% endmacro %}
{% macro each_day(first_day, last_day, alias) %}cross join lateral (select {{ first_day }} as {{ alias }}) as days{% endmacro %}

{% macro newest_runs_by_day(runs, account, by_marketplace=false) %}days as (select * from {{ runs }})

select * from days{% endmacro %}
{% macro in_newest_run(row, runs_by_day, account, stream, day='date', by_marketplace=false, by_region=false) %}exists (select 1 from {{ runs_by_day }}){% endmacro %}
{% macro in_complete_run(row, runs_by_day, account, stream, day='date', by_marketplace=false, by_region=false) %}exists (select 1 from {{ runs_by_day }}){% endmacro %}
{% macro touched_condition(touched) %}true{% endmacro %}

{% macro or_no_activity(metric, is_reportable) %}case when {{ is_reportable }} then {{ metric }} end{% endmacro %}
{% macro default_window_days(ad_product, account_type) %}case when {{ ad_product }} = {{ account_type }} then 14 end{% endmacro %}
{% macro in_default_window(measure, ad_product, account_type) %}case when {{ ad_product }} = {{ account_type }} then {{ measure }}_14d end{% endmacro %}

{% macro unbroken_stretches(relation, by) %}unbroken as (select *, 0 as gaps_before from {{ relation }}){% endmacro %}
{% macro each_part(list, alias) %}cross join lateral (select {{ list }} as {{ alias }}) as parts{% endmacro %}
{% macro utc_midnight(day, time_zone) %}cast({{ day }} as timestamp) at time zone {{ time_zone }}{% endmacro %}
{% macro seconds_later(moment, seconds) %}{{ moment }}{% endmacro %}
{% macro next_day(day, days=1) %}cast({{ day }} as date){% endmacro %}
{% macro given_text(name) %}cast(null as text){% endmacro %}
{% macro exchange_rates(row, date='date', currency='currency_code') %}left join int_exchange_rates as exchange_rates on {{ row }}.store_id = exchange_rates.store_id{% endmacro %}
{% macro in_reporting(amount) %}{{ amount }} * exchange_rates.fx_rate{% endmacro %}
{% macro shopify_base(name) %}base_shopify__{{ name }}{% endmacro %}
{% macro shopify_id(gid) %}cast({{ gid }} as text){% endmacro %}

{% macro measures_of(ad_product, lacks=[]) %}impressions, clicks, cost as spend{% endmacro %}
{% macro touched_by_reports(streams) %}{{ streams }}{% endmacro %}
{#- one measure, named by a letter, since a name would be walked through letter by letter -#}
{% macro ad_measures() %}s{% endmacro %}
{% macro summed(measure) %}sum({{ measure }}){% endmacro %}
{% macro targeting_words(expression) %}words_of({{ expression }}){% endmacro %}
{% macro sha256_hex(text) %}sha256_hex({{ text }}){% endmacro %}
{% macro is_stale_image(fetched_at) %}({{ fetched_at }} < current_timestamp){% endmacro %}
{% macro same_values(left, right, columns) %}{{ left }}.state = {{ right }}.state{% endmacro %}
{% macro days_of_supply(stock, velocity) %}{{ stock }} / nullif({{ velocity }}, 0){% endmacro %}
{% macro restock_quantity(velocity, fulfillable, inbound, transfers) %}{{ velocity }} - {{ fulfillable }} - {{ inbound }} - {{ transfers }}{% endmacro %}

{% macro json_part(expression) %}{% set path = varargs %}part_of({{ expression }}){% endmacro %}
{% macro json_text(expression) %}{% set path = varargs %}text_of({{ expression }}){% endmacro %}
{% macro json_number(expression) %}{% set path = varargs %}number_of({{ expression }}){% endmacro %}
{% macro json_timestamp(expression) %}{% set path = varargs %}instant_of({{ expression }}){% endmacro %}
{% macro json_sum(list) %}{% set path = varargs %}sum_of({{ list }}){% endmacro %}
{% macro json_text_where(list, key, value) %}{% set path = varargs %}text_where({{ list }}, {{ value }}){% endmacro %}
{% macro json_number_where(list, key, value) %}{% set path = varargs %}number_where({{ list }}, {{ value }}){% endmacro %}
{% macro each_element(list, alias) %}cross join lateral elements_of({{ list }}) as {{ alias }}{% endmacro %}
{% macro shop_money(money_set) %}number_of({{ money_set }}){% endmacro %}
{% macro url_parameter(url, name) %}parameter_of({{ url }}){% endmacro %}
{% macro instant(expression) %}cast({{ expression }} as timestamp){% endmacro %}
{% macro no_rows(columns) %}select * from nothing{% endmacro %}

{% macro is_replacement(orders, prices) %}{{ orders }}.replaces_order_id = {{ prices }}.order_id{% endmacro %}
{% macro amazon_order_id_in(text) %}order_id_in({{ text }}){% endmacro %}
{% macro like_any(text, variable) %}({{ text }} like '{{ variable }}'){% endmacro %}

{% macro letters(word) %}lower({{ word }}){% endmacro %}
{% macro breakdown_path(path) %}lower({{ path }}){% endmacro %}
{% macro is_sales_class(class) %}{{ class }} in ('product_sales'){% endmacro %}
{% macro is_balance_move(class) %}{{ class }} in ('reserve'){% endmacro %}
{% macro differs_from_known(row, columns) %}{{ row }}.built_at is distinct from known.built_at{% endmacro %}
{% macro row_digest(relation) %}(select max(digest) from {{ relation }}){% endmacro %}
{% macro joined_texts(expression) %}string_agg({{ expression }}, ' '){% endmacro %}
{% macro ledger_sums() %}{{ return({'gross_sales': "class = 'product_sales'"}) }}{% endmacro %}
{% macro ledger_columns() %}{{ return(['gross_sales']) }}{% endmacro %}
{% macro finance_measures() %}sums.gross_sales{% endmacro %}
{% macro month_of(moment) %}cast({{ moment }} as date){% endmacro %}
{% macro last_of_month(first_day) %}cast({{ first_day }} as date){% endmacro %}

{% macro listed_asin(asin, product_id) %}coalesce({{ asin }}, {{ product_id }}){% endmacro %}
{% macro gtin(barcode) %}gtin({{ barcode }}){% endmacro %}
{% macro first_of_days() %}cast('0001-01-01' as date){% endmacro %}
{% macro last_of_days() %}cast('9999-12-31' as date){% endmacro %}

{% macro attribution_models() %}{{ return(['last_click', 'linear']) }}{% endmacro %}
{% macro attribution_weight(model) %}case when moment_ordinal = moments then 1 else 0 end{% endmacro %}
{% macro attribution_part(whole, digits) %}round({{ whole }}, {{ digits }}){% endmacro %}
{% macro coverage_begins() %}current_date{% endmacro %}
