"""What a fact of keywords costs: built from nothing, and refreshed by a day's reports.

    python tests/bench/keyword_fact.py
    python tests/bench/keyword_fact.py --rows 1000000

Makes raw rows of Sponsored Products keywords with the database's own generator, 5,000 keywords on
each day back from today, and the runs that brought them in windows of 31 days; builds
fct_ads_keyword_daily; lets a new report cover the last 31 days; builds again. Prints seconds and
sizes on disk.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import psycopg
from measuring import parser, tell
from pipeline import Pipeline

from simulator.testing import NOW, running
from tandem import testing

KEYWORDS = 5_000
WINDOW = 31
MODEL = "fct_ads_keyword_daily"
TEXTS = ("store_id", "profile_id", "campaign_id", "ad_group_id", "keyword_id", "keyword",
         "keyword_type", "match_type", "targeting", "report_id", "day_basis", "time_zone",
         "currency_code", "country_code", "marketplace_id")  # fmt: skip
WINDOWS = ("1d", "7d", "14d", "30d")
COUNTS = ("impressions", "clicks", *(
    f"{name}_{window}"
    for name in ("purchases", "purchases_same_sku", "units_sold_clicks", "units_sold_same_sku")
    for window in WINDOWS
))  # fmt: skip
AMOUNTS = ("cost", *(
    f"{name}_{window}" for name in ("sales", "attributed_sales_same_sku") for window in WINDOWS
))  # fmt: skip


def tables(connection: psycopg.Connection) -> None:
    """Make the raw tables as the loader would."""
    columns = [f"{name} text" for name in TEXTS] + [f"{name} bigint" for name in COUNTS]
    columns += [f"{name} numeric" for name in AMOUNTS] + ["date date", "extracted_at timestamp"]
    connection.execute(
        f"create table amazon_ads.sp_targeting_daily ({', '.join(columns)}, primary key "
        "(store_id, profile_id, date, campaign_id, ad_group_id, keyword_id))"
    )
    connection.execute(
        "create table amazon_ads.report_runs (store_id text, profile_id text, stream text, "
        "report_id text, region text, status text, window_start_date date, window_end_date date, "
        "requested_at timestamp, generated_at timestamp, extracted_at timestamp)"
    )


def deliver(connection: psycopg.Connection, days: int, first: int, at: str) -> None:
    """Rows and the run of one window: `days` days that end `first` days before today."""
    name = f"r-{first}-{at}"
    values = {
        "store_id": "'default'",
        "profile_id": "'1'",
        "campaign_id": "(k / 50)::text",
        "ad_group_id": "(k / 25)::text",
        "keyword_id": "k::text",
        "keyword": "'keyword number ' || k",
        "targeting": "'keyword number ' || k",
        "keyword_type": "'EXACT'",
        "match_type": "'EXACT'",
        "report_id": f"'{name}'",
        "day_basis": "'profile'",
        "time_zone": "'America/Los_Angeles'",
        "currency_code": "'USD'",
        "country_code": "'US'",
        "marketplace_id": "'ATVPDKIKX0DER'",
        "date": "day",
        "extracted_at": f"timestamp '{at}'",
    }
    values |= dict.fromkeys(COUNTS, "(k % 17)")
    values |= dict.fromkeys(AMOUNTS, "(k % 1000) / 100.0")
    last = f"(date '{NOW:%Y-%m-%d}' - {first})"
    connection.execute(
        f"insert into amazon_ads.sp_targeting_daily ({', '.join(values)}) "
        f"select {', '.join(values.values())} from generate_series(1, {KEYWORDS}) as k, "
        f"(select {last} - n as day from generate_series(0, {days - 1}) as n) as days "
        "on conflict (store_id, profile_id, date, campaign_id, ad_group_id, keyword_id) "
        "do update set cost = excluded.cost, report_id = excluded.report_id, "
        "extracted_at = excluded.extracted_at"
    )
    connection.execute(
        "insert into amazon_ads.report_runs select 'default', '1', 'sp_targeting_daily', "
        f"'{name}', 'na', 'done', {last} - {days - 1}, {last}, timestamp '{at}', "
        f"timestamp '{at}', timestamp '{at}'"
    )


def main() -> None:
    """Build, refresh, and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--rows", type=int, default=10_000_000, help="rows of the fact")
    rows: int = arguments.parse_args().rows
    windows = max(2, round(rows / KEYWORDS / WINDOW))
    with (
        tempfile.TemporaryDirectory(prefix="bench-keywords-") as folder,
        testing.server() as postgres,
        testing.new_database(postgres) as address,
        running() as simulator,
    ):
        pipeline = Pipeline(simulator, address, Path(folder))
        with psycopg.connect(address.url(), autocommit=True) as connection:
            connection.execute("set role tandem_loader")
            tables(connection)
            for window in reversed(range(windows)):
                deliver(connection, WINDOW, window * WINDOW, "2026-11-23 12:00:00")
            connection.execute("analyze amazon_ads.sp_targeting_daily")
        words = ("build", "--select", f"+{MODEL}", "--exclude-resource-type", "unit_test")
        began = time.monotonic()
        pipeline.dbt(*words)
        built = time.monotonic()
        with psycopg.connect(address.url(), autocommit=True) as connection:
            connection.execute("set role tandem_loader")
            deliver(connection, WINDOW, 0, "2026-11-24 12:00:00")
        again = time.monotonic()
        pipeline.dbt(*words)
        refreshed = time.monotonic()
        sizes = pipeline.rows(
            "select pg_size_pretty(pg_table_size(fact)) as rows, "
            "pg_size_pretty(pg_indexes_size(fact)) as indexes, "
            f"(select count(*) from marts.{MODEL}) as count "
            f"from (select 'marts.{MODEL}'::regclass as fact) as relations"
        )[0]
    tell(
        [
            ("rows of the fact", f"{sizes['count']:,}"),
            ("built from nothing", f"{built - began:.1f} s"),
            (f"refreshed, {WINDOW} days", f"{refreshed - again:.1f} s"),
            ("on disk", f"{sizes['rows']} and {sizes['indexes']} of indexes"),
        ]
    )


if __name__ == "__main__":
    main()
