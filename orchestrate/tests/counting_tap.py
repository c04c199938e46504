"""A small real tap for the tests of a sync: two streams of numbers.

COUNT says how many rows each has, FAIL names a stream that fails after its first row, PAUSE makes
the tap wait (seconds) after its last row, FOLDER is where it leaves its process number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from singer_sdk import Stream, Tap
from singer_sdk import typing as th


class Numbers(Stream):
    schema = th.PropertiesList(th.Property("id", th.IntegerType)).to_dict()
    primary_keys = ("id",)

    def get_records(self, context: object) -> Iterable[dict[str, Any]]:
        for number in range(int(os.environ.get("COUNT", "5"))):
            yield {"id": number}
            if os.environ.get("FAIL") == self.name:
                raise RuntimeError(f"{self.name} may not be read: ask for the role")


class CountingTap(Tap):
    name = "tap-counting"
    config_jsonschema = th.PropertiesList(
        th.Property("client_id", th.StringType),
        th.Property("cadence", th.StringType),
        th.Property("store_id", th.StringType),
    ).to_dict()

    def discover_streams(self) -> list[Stream]:
        return [Numbers(self, name=name) for name in self.config["client_id"].split("-")]

    def sync_all(self) -> None:  # type: ignore[override]
        folder = Path(os.environ["FOLDER"])
        (folder / f"{self.config['client_id']}.pid").write_text(str(os.getpid()))
        super().sync_all()
        time.sleep(float(os.environ.get("PAUSE", "0")))


if __name__ == "__main__":
    CountingTap.cli()
