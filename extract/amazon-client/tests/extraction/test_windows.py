from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from amazon_client.extraction import (
    Account,
    Cadence,
    DayWindows,
    InstantWindows,
    Planning,
    Snapshot,
    Window,
)

NOW = datetime(2026, 11, 24, 18, 0, 30, 250_000, tzinfo=UTC)
SELLER = Account("acme", "na", "A1", time_zone="America/Los_Angeles")
DAYS = DayWindows(
    lookback={Cadence.HOURLY: 2, Cadence.DAILY: 14, Cadence.WEEKLY: 60, Cadence.FIRST_SYNC: 60}
)
INSTANTS = InstantWindows(overlap=timedelta(days=1))


def planning(cadence: Cadence = Cadence.DAILY, **more: object) -> Planning:
    return Planning(**{"account": SELLER, "cadence": cadence, "now": NOW} | more)  # type: ignore[arg-type]


def days(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


def test_without_bookmark_all_60_days_are_read_whatever_the_cadence() -> None:
    # 60 days that end on 24 November begin on 26 September: 5 + 31 + 24.
    for cadence in (Cadence.HOURLY, Cadence.DAILY, Cadence.WEEKLY):
        windows = DAYS.windows(planning(cadence))
        assert windows == [days("2026-09-26", "2026-10-26"), days("2026-10-27", "2026-11-24")]


def test_first_sync_asks_for_the_newest_window_first() -> None:
    windows = DAYS.windows(planning(Cadence.FIRST_SYNC))
    assert windows == [days("2026-10-27", "2026-11-24"), days("2026-09-26", "2026-10-26")]


def test_today_is_the_accounts_own_day() -> None:
    tokyo = Account("acme", "fe", "A1", time_zone="Asia/Tokyo")
    (window,) = DAYS.windows(planning(Cadence.HOURLY, account=tokyo, bookmark="2026-11-24"))
    # 18:00 UTC on the 24th is 03:00 of the 25th in Tokyo.
    assert window == days("2026-11-24", "2026-11-25")


def test_look_back_depends_on_the_cadence() -> None:
    bookmark = "2026-11-23"
    assert DAYS.windows(planning(Cadence.HOURLY, bookmark=bookmark)) == [
        days("2026-11-23", "2026-11-24")
    ]
    assert DAYS.windows(planning(Cadence.DAILY, bookmark=bookmark)) == [
        days("2026-11-11", "2026-11-24")
    ]
    assert DAYS.windows(planning(Cadence.WEEKLY, bookmark=bookmark))[0].start == date(2026, 9, 26)


def test_a_cadence_without_look_back_reads_nothing() -> None:
    nightly = DayWindows(lookback={Cadence.DAILY: 14})
    assert nightly.windows(planning(Cadence.HOURLY)) == []


def test_a_long_pause_leaves_no_hole() -> None:
    windows = DAYS.windows(planning(Cadence.HOURLY, bookmark="2026-10-01"))
    assert windows[0].start == date(2026, 10, 2)
    assert all(
        later.start == earlier.end + timedelta(days=1) for earlier, later in pairwise(windows)
    )
    assert windows[-1].end == date(2026, 11, 24)


def test_no_window_is_longer_than_allowed() -> None:
    windows = DayWindows(lookback={Cadence.DAILY: 90}, max_days=31).windows(
        planning(start_date=date(2026, 8, 27))
    )
    lengths = [(window.end - window.start).days + 1 for window in windows]
    assert sum(lengths) == 90
    assert max(lengths) == 31


def test_the_start_date_bounds_what_is_read() -> None:
    start = date(2026, 11, 20)
    (window,) = DAYS.windows(planning(Cadence.WEEKLY, bookmark="2026-11-23", start_date=start))
    assert window.start == start


def test_first_sync_reads_from_the_start_date_again() -> None:
    windows = DAYS.windows(
        planning(Cadence.FIRST_SYNC, bookmark="2026-11-23", start_date=date(2026, 6, 1))
    )
    assert windows[-1].start == date(2026, 6, 1)


def test_days_that_amazon_no_longer_keeps_are_told_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = DayWindows(lookback={Cadence.DAILY: 14}, retention_days=60, max_days=400)
    (window,) = kept.windows(planning(start_date=date(2026, 1, 1)))
    assert window.start == date(2026, 9, 26)
    assert "no longer answers for 2026-01-01 to 2026-09-25" in caplog.text


def test_a_users_look_back_replaces_the_policys_but_not_the_hourly_ones() -> None:
    (daily,) = DAYS.windows(planning(bookmark="2026-11-23", lookback_days=5))
    (hourly,) = DAYS.windows(planning(Cadence.HOURLY, bookmark="2026-11-23", lookback_days=5))
    assert daily.start == date(2026, 11, 20)
    assert hourly.start == date(2026, 11, 23)


def test_the_bookmark_stays_before_days_that_are_not_whole_yet() -> None:
    windows = DAYS.windows(planning())
    assert DAYS.bookmark(planning(), windows, len(windows)) == "2026-11-23"
    settling = DayWindows(lookback=DAYS.lookback, settled_days=3)
    assert settling.bookmark(planning(), windows, len(windows)) == "2026-11-21"


def test_the_bookmark_never_goes_back() -> None:
    ahead = planning(bookmark="2026-11-30")
    windows = DAYS.windows(ahead)
    assert DAYS.bookmark(ahead, windows, len(windows)) == "2026-11-30"


def test_the_bookmark_follows_oldest_first_windows_one_by_one() -> None:
    windows = DAYS.windows(planning())
    assert DAYS.bookmark(planning(), windows, 0) is None
    assert DAYS.bookmark(planning(), windows, 1) == "2026-10-26"


def test_the_bookmark_waits_for_the_oldest_of_newest_first_windows() -> None:
    first_sync = planning(Cadence.FIRST_SYNC)
    windows = DAYS.windows(first_sync)
    assert DAYS.bookmark(first_sync, windows, 1) is None
    assert DAYS.bookmark(first_sync, windows, 2) == "2026-11-23"


def test_instants_reach_from_the_bookmark_less_overlap_to_two_minutes_ago() -> None:
    (window,) = INSTANTS.windows(planning(bookmark="2026-11-20T06:00:00Z"))
    assert window == Window(
        datetime(2026, 11, 19, 6, tzinfo=UTC), datetime(2026, 11, 24, 17, 58, 30, tzinfo=UTC)
    )


def test_instants_without_bookmark_begin_at_the_first_days_midnight() -> None:
    windows = INSTANTS.windows(planning())
    assert windows[0].start == datetime(2026, 9, 26, tzinfo=UTC)
    assert [window.end - window.start <= timedelta(days=30) for window in windows] == [True, True]
    assert windows[0].end == windows[1].start


def test_the_bookmark_of_instants_is_the_end_of_what_was_delivered() -> None:
    windows = INSTANTS.windows(planning())
    assert INSTANTS.bookmark(planning(), windows, 1) == "2026-10-26T00:00:00Z"
    assert INSTANTS.bookmark(planning(), windows, 2) == "2026-11-24T17:58:30Z"


def test_a_gap_between_delivered_instants_stops_the_bookmark() -> None:
    windows = INSTANTS.windows(planning())
    cut = [Window(windows[0].start, windows[0].end - timedelta(seconds=1)), windows[1]]
    assert INSTANTS.bookmark(planning(), cut, 2) == "2026-10-25T23:59:59Z"


def test_a_snapshot_is_one_instant_and_moves_no_bookmark() -> None:
    windows = Snapshot().windows(planning())
    assert windows == [Window(NOW, NOW)]
    assert Snapshot().bookmark(planning(), windows, 1) is None


def test_a_window_survives_its_text() -> None:
    for window in (days("2026-09-26", "2026-10-26"), Window(NOW, NOW)):
        assert Window.from_text(*window.to_text()) == window
