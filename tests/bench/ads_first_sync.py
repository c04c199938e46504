"""How long a first sync of everything that tap-amazon-ads reads takes at Amazon's true pace.

    python tests/bench/ads_first_sync.py --profiles 1
    python tests/bench/ads_first_sync.py --profiles 3 --time-scale 10

Runs the tap against the large world (300 campaigns, 3,000 keywords), whose reports are ready after
60 to 180 seconds, and prints when the first and the last record of the campaign level and of all
streams were written, beside the bound that reports' times and the cap of 40 in flight give: what
so many reports would take on average if each were seen the moment it is ready.
With a time scale everything is divided by it, and the times are multiplied back; CPU is not, so
that only scale 1 tells the truth. Bars: one profile in 6 minutes, the campaign level in 4; three
profiles in 1.25 times the bound.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from simulator.credentials import ADS_CLIENT, AMAZON_ADS, grant
from simulator.simulation import Latencies
from simulator.testing import Running, running
from simulator.world.ads.profiles import PROFILES

CAP = 40
CAMPAIGN_LEVEL = {"sp_campaigns_daily", "sb_campaigns_daily", "sd_campaigns_daily"}
_EVENT = re.compile(r"progress event=(\w+) (.*)")


def config(simulator: Running, folder: Path, profiles: list[str], scale: float) -> Path:
    """Write the tap's configuration."""
    token = grant(AMAZON_ADS, "all").refresh_token
    path = folder / "config.json"
    settings = {
        "client_id": ADS_CLIENT.client_id,
        "client_secret": ADS_CLIENT.client_secret,
        "accounts": [{"region": "na", "refresh_token": token}],
        "profile_ids": profiles,
        "api_url": simulator.ads_url,
        "auth_url": simulator.auth_url,
        "as_of": simulator.world.now.isoformat(),
        "cadence": "first_sync",
        "journal_path": str(folder / "journal.db"),
        "work_dir": str(folder),
        "report_poll_seconds": 5 / scale,
    }
    path.write_text(json.dumps(settings))
    return path


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


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--profiles", type=int, choices=(1, 2, 3), default=1)
    parser.add_argument("--time-scale", type=float, default=1.0)
    wanted = parser.parse_args()
    scale: float = wanted.time_scale
    found = [p for p in PROFILES if p.market.region == "na" and p.account_type == "seller"]
    profiles = [p.profile_id for p in found if p.sub_type is None][: wanted.profiles]
    with (
        tempfile.TemporaryDirectory(prefix="bench-ads-") as name,
        running(size="large", time_scale=scale) as simulator,
    ):
        folder = Path(name)
        command = [sys.executable, "-m", "tap_amazon_ads.tap"]
        command += ["--config", str(config(simulator, folder, profiles, scale))]
        started = time.monotonic()
        created: set[str] = set()
        campaigns = 0.0
        with (folder / "out").open("wb") as sink:
            tap = subprocess.Popen(command, stdout=sink, stderr=subprocess.PIPE, text=True)
            for line in tap.stderr or ():
                now = (time.monotonic() - started) * scale
                if not (told := _EVENT.search(line)):
                    continue
                facts = dict(part.split("=", 1) for part in told[2].split() if "=" in part)
                if told[1] == "created":
                    created.add(facts["report"])
                elif told[1] == "delivered" and facts["stream"] in CAMPAIGN_LEVEL:
                    campaigns = now
            status = tap.wait()
        total = (time.monotonic() - started) * scale
        calls = simulator.calls.summary()
        throttled = sum(told.get("throttled", 0) for told in calls.values())
        written = sum(1 for line in (folder / "out").open() if line.startswith('{"type":"RECORD"'))
    least = expected(len(created)) if created else 0.0
    print(f"date                    {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, time scale {scale:g}")
    print(f"profiles                {len(profiles)}, exit code {status}")
    print(f"reports                 {len(created)}, 429s: {throttled}")
    print(f"records                 {written:,} of all streams")
    print(f"campaign level written  {campaigns:,.0f} s (bar 240)")
    bar = "360" if len(profiles) == 1 else "1.25 times the bound"
    print(f"everything written      {total:,.0f} s (bar {bar})")
    print(f"bound of cap and times  {least:,.0f} s; {total / (least or 1):.2f} of it")


if __name__ == "__main__":
    main()
