"""What the benchmarks share: arguments, a stand-in with one large document, a tap, a table."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tandem.database import Address

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))

from pipeline import ADS, BIN, ROOT, SP, catalog

MEGABYTE = 2**20
PATHS = {SP: "sp", ADS: "ads"}
Answer = Callable[[str, str, str], Any]
"""From method, path and the server's own address to what is answered as JSON."""


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A parser that tells the first line of a script's docstring."""
    return argparse.ArgumentParser(description=(doc or "").split("\n")[0])


def tell(figures: Iterable[tuple[str, str]]) -> None:
    """Print a table of what was measured, the date first."""
    lines = [("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"), *figures]
    width = max(len(name) for name, _ in lines)
    for name, figure in lines:
        print(f"{name:{width}}  {figure}")


def token(path: str) -> Any:
    """What Login with Amazon answers, None for another path."""
    if path == "/auth/o2/token":
        return {"access_token": "Atza|bench", "token_type": "bearer", "expires_in": 3600}
    return None


@contextmanager
def served(document: Path, content_type: str, answer: Answer) -> Iterator[str]:
    """Serve a document, and answers around it, from a process of its own; gives its address.

    Only the tap's own CPU is then the tap's. Whatever `answer` keeps is kept by that process.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    arguments = (str(document), content_type, answer, sender)
    server = multiprocessing.Process(target=_serve, args=arguments, daemon=True)
    server.start()
    try:
        yield receiver.recv()
    finally:
        server.terminate()
        server.join()


def _serve(document: str, content_type: str, answer: Answer, ready: Any) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            if path == "/document":
                self._begin(content_type, os.path.getsize(document))
                with open(document, "rb") as file:
                    shutil.copyfileobj(file, self.wfile)
                return
            content = json.dumps(token(path) or answer(self.command, path, address)).encode()
            self._begin("application/json", len(content))
            self.wfile.write(content)

        def _begin(self, kind: str, length: int) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(length))
            self.end_headers()

        do_GET = do_POST = serve

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    ready.send(address)
    server.serve_forever()


def settings(tap: str, folder: Path, address: str, **more: Any) -> dict[str, Any]:
    """The settings of a tap that reads the one account of a stand-in."""
    return {
        "client_id": "bench",
        "client_secret": "bench",
        "accounts": [{"region": "na", "refresh_token": "Atzr|bench"}],
        "api_url": f"{address}/{PATHS[tap]}/{{region}}",
        "auth_url": f"{address}/auth/o2/token",
        "as_of": "2026-11-24T18:00:00Z",
        "cadence": "first_sync",
        "journal_path": str(folder / "journal.db"),
        "work_dir": str(folder),
        "report_poll_seconds": 0.1,
    } | more


def write(path: Path, content: Any) -> str:
    """Write a JSON file, or text as it is; returns its path."""
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU seconds, wall seconds, MB of memory at its peak, records."""

    cpu: float
    wall: float
    peak: float
    records: int


def target_settings(address: Address, schema: str, **more: Any) -> dict[str, Any]:
    """The target's settings as meltano.yml has them."""
    loaders = yaml.safe_load((ROOT / "meltano.yml").read_text())["plugins"]["loaders"]
    (target,) = (loader for loader in loaders if loader["name"] == "target-postgres")
    given = {s["name"]: s["value"] for s in target["settings"] if "value" in s}
    return given | {"sqlalchemy_url": address.url(), "default_target_schema": schema} | more


def pipe(
    tap_words: Sequence[str], target: dict[str, Any], folder: Path
) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """Start a tap and the target that reads from it; logs go to `tap.log` and `target.log`."""
    environment = dict(os.environ, PGOPTIONS="-c role=tandem_loader")
    environment.pop("PYTHONUNBUFFERED", None)
    with (folder / "tap.log").open("wb") as log:
        source = subprocess.Popen(
            tap_words, stdout=subprocess.PIPE, stderr=log, env=environment, cwd=folder
        )
    with (folder / "target.log").open("wb") as log:
        sink = subprocess.Popen(
            [BIN / "tandem-target-postgres", "--config", write(folder / "target.json", target)],
            stdin=source.stdout,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=environment,
        )
    assert source.stdout is not None
    source.stdout.close()
    return source, sink


def words(tap: str, folder: Path, given: dict[str, Any], streams: Iterable[str]) -> list[str]:
    """The command that runs a tap on some streams."""
    config = write(folder / "tap.json", given)
    selected = write(folder / "catalog.json", catalog(tap, frozenset(streams)))
    return [str(BIN / tap), "--config", config, "--catalog", selected]


def measure(
    tap: str, folder: Path, given: dict[str, Any], streams: Iterable[str], sink: str = os.devnull
) -> Cost:
    """Run a tap with its messages going to a file, and say what it took.

    Raises:
        SystemExit: It failed.
    """
    command = words(tap, folder, given, streams)
    started, log = time.monotonic(), folder / "tap.log"
    with open(sink, "wb") as messages, log.open("wb") as told:
        child = subprocess.Popen(command, stdout=messages, stderr=told)
        _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - started
    if status:
        raise SystemExit(log.read_text()[-3000:])
    metrics = [
        json.loads(line.split("METRIC: ")[1])
        for line in log.read_text().splitlines()
        if "METRIC: " in line
    ]
    records = sum(int(m["value"]) for m in metrics if m["metric"] == "record_count")
    peak = usage.ru_maxrss / (MEGABYTE if sys.platform == "darwin" else 2**10)
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak, records)
