from datetime import UTC, datetime, timedelta, timezone

import pytest

from amazon_client.clock import SystemClock
from amazon_client.testing import ManualClock


def test_the_system_clock_tells_the_real_time_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_a_run_as_of_another_instant_starts_there_and_goes_on_from_there() -> None:
    as_of = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=-8)))
    clock = SystemClock(as_of)
    first = clock.now()
    clock.sleep(0.01)
    second = clock.now()
    assert timedelta(0) <= first - datetime(2026, 11, 24, 18, 0, tzinfo=UTC) < timedelta(seconds=1)
    assert second - first >= timedelta(seconds=0.01)
    assert first.tzinfo is UTC


def test_an_as_of_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SystemClock(datetime(2026, 11, 24))


def test_sleeping_moves_the_manual_clock_without_waiting() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.sleep(3600)
    clock.sleep(-1)
    clock.advance(60)
    assert clock.now() == datetime(2026, 1, 1, 1, 1, tzinfo=UTC)
    assert clock.sleeps == [3600]
