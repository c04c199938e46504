from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tandem.schedule import Run, cadence_due, last_morning, last_sunday

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
TUESDAY = datetime(2026, 11, 24, 18, tzinfo=UTC)  # 10:00 in Los Angeles, 05:00 there was 13:00 UTC


def done(cadence: str, hour: int, day: int = 24) -> Run:
    return Run(cadence, datetime(2026, 11, day, hour, tzinfo=UTC), True)


def failed(cadence: str, hour: int) -> Run:
    return Run(cadence, datetime(2026, 11, 24, hour, tzinfo=UTC), False)


WEEKLY = done("weekly", 14, 22)


def test_what_was_never_read_is_read_whole() -> None:
    assert cadence_due([failed("first_sync", 9)], TUESDAY, LOS_ANGELES) == "first_sync"


def test_the_first_call_after_five_in_the_stores_zone_is_the_daily_one() -> None:
    before = datetime(2026, 11, 24, 12, 59, tzinfo=UTC)
    runs = [WEEKLY, done("daily", 14, 23)]
    assert cadence_due(runs, before, LOS_ANGELES) == "hourly"
    assert cadence_due(runs, before.replace(hour=13, minute=0), LOS_ANGELES) == "daily"
    assert cadence_due([*runs, done("daily", 13)], TUESDAY, LOS_ANGELES) == "hourly"


def test_a_missed_morning_is_caught_up_however_late() -> None:
    assert cadence_due([WEEKLY, done("hourly", 17)], TUESDAY, LOS_ANGELES) == "daily"
    assert cadence_due([done("daily", 17)], TUESDAY, LOS_ANGELES) == "weekly"


def test_a_daily_run_that_keeps_failing_lets_the_hourly_ones_pass() -> None:
    runs = [WEEKLY, failed("daily", 14), failed("daily", 15)]
    assert cadence_due(runs, TUESDAY, LOS_ANGELES) == "daily"
    assert cadence_due([*runs, failed("daily", 16)], TUESDAY, LOS_ANGELES) == "hourly"


def test_mornings_follow_the_zones_clock() -> None:
    assert last_morning(TUESDAY, LOS_ANGELES) == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert last_sunday(TUESDAY, LOS_ANGELES) == datetime(2026, 11, 22, 13, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 18, tzinfo=UTC)
    assert last_morning(summer, LOS_ANGELES) == datetime(2026, 7, 1, 12, tzinfo=UTC)
