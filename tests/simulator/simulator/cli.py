"""The ``simulator`` command: serve a world, or print its totals."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from simulator import server
from simulator.control import parse_instant
from simulator.simulation import Latencies, Simulation
from simulator.truth import as_json, truth
from simulator.world import build
from simulator.world.sizes import SIZES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns the exit code."""
    options = _parser().parse_args(arguments)
    command: int = options.run(options)
    return command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simulator",
        description="Stands in for Login with Amazon, SP-API, the Ads API and Shopify.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    world = argparse.ArgumentParser(add_help=False)
    world.add_argument("--seed", type=int, default=7, help="which story (default 7)")
    world.add_argument("--size", choices=sorted(SIZES), default="small", help="how much of it")
    world.add_argument(
        "--now", type=parse_instant, default=None, metavar="INSTANT",
        help="as of when it is known, ISO 8601 with a zone (default: the present)",
    )  # fmt: skip
    serve = commands.add_parser("serve", parents=[world], help="answer like Amazon over HTTP")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one")
    serve.add_argument(
        "--time-scale", type=float, default=1.0,
        help="how many times faster than Amazon limits, latencies and lifetimes run (default 1)",
    )  # fmt: skip
    serve.add_argument("--report-seconds", type=float, default=60.0,
                       help="until an SP-API report or query is ready, before scaling")  # fmt: skip
    serve.add_argument("--ads-report-seconds", type=float, nargs=2, default=(60.0, 180.0),
                       metavar=("LEAST", "MOST"), help="the same for Ads reports")  # fmt: skip
    serve.add_argument("--ready-file", type=Path, help="where to write the address once it listens")
    serve.add_argument("--verbose", action="store_true", help="log every call")
    serve.set_defaults(run=_serve)
    told = commands.add_parser("truth", parents=[world], help="print the world's own totals")
    told.add_argument("--format", choices=("text", "json"), default="text")
    told.set_defaults(run=_truth)
    return parser


def _now(options: argparse.Namespace) -> datetime:
    now: datetime = options.now or datetime.now(UTC).replace(microsecond=0)
    return now


def _serve(options: argparse.Namespace) -> int:
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING, stream=sys.stderr
    )
    latencies = Latencies(options.report_seconds, tuple(options.ads_report_seconds))
    world = build(options.seed, options.size, _now(options))
    simulation = Simulation(world, options.time_scale, latencies)
    http = server.make(simulation, options.host, options.port)
    url = server.url_of(http)

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    print(url, flush=True)
    if options.ready_file:
        _write_whole(options.ready_file, url)
    try:
        http.serve_forever()
    finally:
        if options.ready_file:
            options.ready_file.unlink(missing_ok=True)
    return 0


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader never sees a part of it."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)


def _truth(options: argparse.Namespace) -> int:
    world = build(options.seed, options.size, _now(options))
    if options.format == "json":
        print(as_json(world))
        return 0
    sections = truth(world)
    by_market: dict[str, list[int]] = {}
    for row in sections["orders"]:
        sums = by_market.setdefault(f"{row['marketplace_id']} {row['currency_code']}", [0, 0, 0, 0])
        for position, name in enumerate(("orders", "order_items", "units", "sales")):
            sums[position] += row[name]
    print(f"{'marketplace':<20}{'orders':>8}{'items':>8}{'units':>8}{'sales':>14}")
    for name, (orders, items, units, sales) in by_market.items():
        print(f"{name:<20}{orders:>8}{items:>8}{units:>8}{sales:>14}")
    for name, rows in sections.items():
        print(f"{name}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
