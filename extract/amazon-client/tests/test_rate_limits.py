import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from amazon_client.clock import SystemClock
from amazon_client.http import AmazonHttp
from amazon_client.operations import Operation
from amazon_client.rate_limits import RateLimits, TokenBucket
from amazon_client.testing import Answer, LocalServer, ManualClock, Received


class EnforcedBucket:
    """Amazon's side: refuses whoever is faster than `rate`, by a bucket of its own."""

    def __init__(self, rate: float, burst: int, latency: float = 0.0, told: bool = True) -> None:
        self.rate, self.burst, self.latency, self.told = rate, burst, latency, told
        self.level, self.at = float(burst), time.monotonic()
        self.accepted = self.refused = 0
        self.lock = threading.Lock()
        self.rng = random.Random(3)

    def __call__(self, request: Received) -> Answer:
        time.sleep(self.latency * self.rng.random())  # on the way there
        with self.lock:
            now = time.monotonic()
            self.level = min(self.burst, self.level + (now - self.at) * self.rate)
            self.at = now
            if self.level < 1:
                self.refused += 1
                return Answer(429, {"errors": [{"code": "QuotaExceeded", "message": "slow"}]})
            self.level -= 1
            self.accepted += 1
        headers = {"x-amzn-RateLimit-Limit": str(self.rate)} if self.told else {}
        return Answer(body={"rows": [1]}, headers=headers, delay=self.latency * self.rng.random())


def test_a_bucket_starts_full_and_then_gives_its_rate(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=0.0167, burst=15, clock=clock)
    for _ in range(15):
        with bucket.call():
            pass
    assert clock.monotonic() == 0
    for nth in range(1, 4):
        with bucket.call():
            pass
        assert clock.monotonic() == pytest.approx(nth / 0.0167)


def test_an_idle_bucket_fills_up_to_its_burst_and_no_further(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=1, burst=3, clock=clock)
    clock.advance(1000)
    for _ in range(4):
        with bucket.call():
            pass
    assert clock.monotonic() == pytest.approx(1001)


def test_a_call_in_flight_does_not_fill_the_bucket_early(clock: ManualClock) -> None:
    # The server may take its token only at the end of a call of 10 s: until then a full bucket
    # of two cannot have refilled, so of three calls the third must wait a whole second more.
    bucket = TokenBucket(rate=1, burst=2, clock=clock)
    with bucket.call():
        clock.advance(10)
    with bucket.call():
        pass
    assert clock.monotonic() == 10
    with bucket.call():
        pass
    assert clock.monotonic() == pytest.approx(11)


def test_a_call_that_raises_gives_its_place_back(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=1, burst=1, clock=clock)
    for _ in range(3):
        with pytest.raises(RuntimeError), bucket.call():
            raise RuntimeError
    assert clock.monotonic() == pytest.approx(2)


def test_the_server_s_rate_is_adopted_both_up_and_down(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=1, burst=1, clock=clock)
    with bucket.call():
        bucket.observe(0.1)
    with bucket.call():
        pass
    assert clock.monotonic() == pytest.approx(10)
    bucket.observe(5)
    assert bucket.rate == 5
    with bucket.call():
        pass
    assert clock.monotonic() == pytest.approx(10.2)


def test_an_absent_rate_changes_nothing(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=2, burst=1, clock=clock)
    bucket.observe(0.0)
    assert bucket.rate == 2


def test_a_waiting_thread_profits_from_a_faster_rate_that_another_learns() -> None:
    clock = SystemClock()
    bucket = TokenBucket(rate=0.0167, burst=1, clock=clock)
    with bucket.call():
        waiting = threading.Thread(target=lambda: bucket.call().__enter__(), daemon=True)
        waiting.start()
        bucket.observe(100.0)
    waiting.join(timeout=5)
    assert not waiting.is_alive(), "it would have slept for a minute at the old rate"


def test_a_throttled_bucket_gives_nobody_a_token_until_it_has_waited(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=1, burst=10, clock=clock)
    assert bucket.throttled(at_least=30) == 30
    with bucket.call():
        pass
    assert clock.monotonic() == pytest.approx(30)
    with bucket.call():
        pass
    assert clock.monotonic() == pytest.approx(31), "it was empty, not full, when it opened"


def test_a_throttled_bucket_waits_for_a_token_at_least(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=0.0056, burst=20, clock=clock)
    assert bucket.throttled(at_least=1) == pytest.approx(1 / 0.0056)


def test_a_guessed_rate_halves_when_throttled_and_recovers_with_success(
    clock: ManualClock,
) -> None:
    bucket = TokenBucket(rate=2, burst=1, clock=clock, adaptive=True)
    for halved in (1.0, 0.5):
        clock.sleep(bucket.throttled())
        assert bucket.rate == halved
    bucket.succeeded()
    assert bucket.rate == pytest.approx(0.6)
    for _ in range(100):
        bucket.succeeded()
    assert bucket.rate == 2


def test_refusals_of_calls_under_way_together_halve_a_guessed_rate_once(
    clock: ManualClock,
) -> None:
    bucket = TokenBucket(rate=2, burst=8, clock=clock, adaptive=True)
    for _ in range(8):
        bucket.throttled()
    assert bucket.rate == 1


def test_a_guessed_rate_never_falls_to_a_standstill(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=2, burst=1, clock=clock, adaptive=True)
    for _ in range(50):
        clock.sleep(bucket.throttled())
    assert bucket.rate == 2 / 64


def test_a_documented_rate_stays_when_throttled(clock: ManualClock) -> None:
    bucket = TokenBucket(rate=2, burst=1, clock=clock)
    bucket.throttled()
    assert bucket.rate == 2


def test_each_operation_and_account_has_a_bucket_of_its_own(clock: ManualClock) -> None:
    limits = RateLimits(clock)
    first = Operation("searchOrders", "GET", "/orders", rate=0.0056, burst=20)
    second = Operation("getReport", "GET", "/reports", rate=2, burst=15)
    assert limits.bucket(first, "na/A1") is limits.bucket(first, "na/A1")
    assert limits.bucket(first, "na/A1") is not limits.bucket(first, "eu/A1")
    assert limits.bucket(first, "na/A1") is not limits.bucket(second, "na/A1")
    assert limits.bucket(first, "na/A1").rate == 0.0056


@pytest.mark.parametrize("told", [True, False], ids=["rate in headers", "rate documented only"])
def test_a_well_behaved_run_of_many_threads_draws_no_429(
    server: LocalServer, make_http: Callable[..., AmazonHttp], told: bool
) -> None:
    enforced = EnforcedBucket(rate=60, burst=6, latency=0.02, told=told)
    server.on("GET", "/rows", enforced)
    http = make_http(clock=SystemClock())
    rows = Operation("rows", "GET", "/rows", rate=60, burst=6)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: http.call(rows).data, range(60)))
    took = time.monotonic() - began
    assert answers == [{"rows": [1]}] * 60
    assert enforced.refused == 0
    assert took < 5 * (60 - 6) / 60, "nor does it ask far slower than it may"


def test_a_rate_lower_than_documented_is_learned_from_the_first_answer(
    server: LocalServer, make_http: Callable[..., AmazonHttp]
) -> None:
    enforced = EnforcedBucket(rate=40, burst=4)
    server.on("GET", "/rows", enforced)
    http = make_http(clock=SystemClock())
    rows = Operation("rows", "GET", "/rows", rate=1000, burst=4)
    for _ in range(20):
        http.call(rows)
    assert enforced.refused == 0


def test_after_a_429_the_run_waits_and_gets_everything(
    server: LocalServer, make_http: Callable[..., AmazonHttp]
) -> None:
    # Another program has emptied the account's bucket before this run began.
    enforced = EnforcedBucket(rate=20, burst=5)
    enforced.level = 0.0
    server.on("GET", "/rows", enforced)
    http = make_http(clock=SystemClock())
    rows = Operation("rows", "GET", "/rows", rate=20, burst=5, throttle_backoff=0.01)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: http.call(rows).data, range(12)))
    assert answers == [{"rows": [1]}] * 12
    assert 1 <= enforced.refused <= 5, "only what was under way before the first refusal came"
