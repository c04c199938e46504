"""How long a first sync of everything that tap-amazon-ads reads takes at Amazon's true pace.

    python tests/bench/ads_first_sync.py --profiles 1
    python tests/bench/ads_first_sync.py --profiles 3 --time-scale 10

Runs the tap against the large world (300 campaigns, 3,000 keywords), whose reports are ready after
60 to 180 seconds, into an empty PostgreSQL. Prints when all rows of the campaign level were in the
warehouse, and when everything was, beside the bound that reports' times and the cap of 40 in flight
give: what so many reports would take on average if each were seen the moment it is ready.
With a time scale everything is divided by it, and the times are multiplied back; CPU is not, so
that only scale 1 tells the truth. Bars: one profile in 6 minutes, the campaign level in 4; three
profiles in 1.25 times the bound.
"""

from __future__ import annotations

import heapq
import random
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
from measuring import parser, pipe, target_settings, tell, write
from pipeline import ADS, BIN, SCHEMAS, settings

from simulator.credentials import AMAZON_ADS, grant
from simulator.simulation import Latencies
from simulator.testing import Running, running
from simulator.world.ads.profiles import PROFILES
from tandem import testing
from tandem.database import Address

CAP = 40
CAMPAIGN_LEVEL = ("sp_campaigns_daily", "sb_campaigns_daily", "sd_campaigns_daily")
_EVENT = re.compile(r"progress event=(\w+) (.*)")


class Clock:
    """Seconds since it was made, as they would be at Amazon's pace."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._started = time.monotonic()

    def __call__(self) -> float:
        return (time.monotonic() - self._started) * self._scale


class Watch(threading.Thread):
    """Looks each second how many rows of the campaign level there are, until it is told to end."""

    def __init__(self, address: Address, clock: Clock) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._clock = clock
        self._over = threading.Event()
        self.seen: list[tuple[float, int]] = []

    def run(self) -> None:
        """Look until the end, then once more."""
        over = False
        with psycopg.connect(self._address.url(), autocommit=True) as connection:
            while not over:
                over = self._over.wait(1.0)
                rows = 0
                for stream in CAMPAIGN_LEVEL:
                    table = f"{SCHEMAS[ADS]}.{stream}"
                    found = connection.execute("select to_regclass(%s)", [table]).fetchone()
                    if found != (None,):
                        count = connection.execute(f"select count(*) from {table}").fetchone()
                        rows += count[0] if count else 0
                self.seen.append((self._clock(), rows))

    def end(self) -> tuple[float, int]:
        """Stop looking; returns when all the rows were there first, and how many they are."""
        self._over.set()
        self.join()
        _, total = self.seen[-1]
        return next(at for at, rows in self.seen if rows == total), total


def bound(seconds: list[float]) -> float:
    """When the last of these reports can be there, 40 at a time and in this order."""
    busy: list[float] = []
    for each in seconds:
        begin = heapq.heappop(busy) if len(busy) == CAP else 0.0
        heapq.heappush(busy, begin + each)
    return max(busy)


def expected(reports: int) -> float:
    """The bound of so many reports whose times are spread evenly as the simulator's are."""
    shortest, longest = Latencies().ads_reports
    chance = random.Random(7)
    draws = [[chance.uniform(shortest, longest) for _ in range(reports)] for _ in range(1000)]
    return sum(map(bound, draws)) / len(draws)


def command(simulator: Running, folder: Path, profiles: list[str], scale: float) -> list[str]:
    """The tap's command: one region, some of its profiles, every stream."""
    token = grant(AMAZON_ADS, "all").refresh_token
    given = settings(
        simulator,
        ADS,
        accounts=[{"region": "na", "refresh_token": token}],
        profile_ids=profiles,
        journal_path=str(folder / "journal.db"),
        work_dir=str(folder),
        report_poll_seconds=5 / scale,
    )
    return [str(BIN / ADS), "--config", write(folder / "tap.json", given)]


def events(log: str, name: str) -> list[dict[str, str]]:
    """The facts of all progress events of a name."""
    found = (told[2] for told in _EVENT.finditer(log) if told[1] == name)
    return [dict(part.split("=", 1) for part in facts.split() if "=" in part) for facts in found]


def main() -> None:
    """Measure once and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--profiles", type=int, choices=(1, 2, 3), default=1)
    arguments.add_argument("--time-scale", type=float, default=1.0)
    wanted = arguments.parse_args()
    scale: float = wanted.time_scale
    found = [p for p in PROFILES if p.market.region == "na" and p.account_type == "seller"]
    profiles = [p.profile_id for p in found if p.sub_type is None][: wanted.profiles]
    with (
        tempfile.TemporaryDirectory(prefix="bench-ads-") as name,
        testing.server() as postgres,
        testing.new_database(postgres) as address,
        running(size="large", time_scale=scale) as simulator,
    ):
        folder = Path(name)
        clock = Clock(scale)
        watch = Watch(address, clock)
        watch.start()
        tap_words = command(simulator, folder, profiles, scale)
        source, sink = pipe(tap_words, target_settings(address, SCHEMAS[ADS]), folder)
        codes = source.wait(), sink.wait()
        total = clock()
        loaded, campaign_rows = watch.end()
        calls = simulator.calls.summary()
        log = (folder / "tap.log").read_text()
        if any(codes):
            print(log[-3000:], (folder / "target.log").read_text()[-3000:], file=sys.stderr)
    reports = {facts["report"] for facts in events(log, "created")}
    records = sum(int(facts["rows"]) for facts in events(log, "delivered"))
    throttled = sum(told.get("throttled", 0) for told in calls.values())
    least = expected(len(reports)) if reports else 0.0
    bar = "360" if len(profiles) == 1 else "1.25 times the bound"
    tell(
        [
            ("time scale", f"{scale:g}"),
            ("profiles", f"{len(profiles)}, exit codes of tap and target {codes}"),
            ("reports", f"{len(reports)}, 429s: {throttled} (bar 0)"),
            ("records", f"{records:,} of all streams"),
            ("campaign level loaded", f"{loaded:,.0f} s, {campaign_rows:,} rows (bar 240)"),
            ("everything loaded", f"{total:,.0f} s (bar {bar})"),
            ("bound", f"{least:,.0f} s by cap and times; {total / (least or 1):.2f} of it"),
        ]
    )


if __name__ == "__main__":
    main()
