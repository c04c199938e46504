"""The demo store's Amazon: the simulator, as a background process."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tandem import envfile
from tandem.errors import TandemError
from tandem.meltano_project import MeltanoProject
from tandem.paths import Project
from tandem.processes import Background

ENVIRONMENT = "demo"
_VARIABLE = "TANDEM_SIMULATOR_URL"
_SEED = 7


@dataclass(frozen=True)
class Simulator:
    """The simulator of a project, as a background process at a remembered port."""

    project: Project

    @property
    def _process(self) -> Background:
        return Background(
            self.project.state / "simulator.json", self.project.logs / "simulator.log"
        )

    @property
    def url(self) -> str | None:
        """Where it listens, as noted in `.env`."""
        return envfile.value(self.project.env_file, _VARIABLE)

    def start(self) -> str:
        """Start it unless it runs, and note its address in `.env`; returns the address.

        Raises:
            TandemError: it did not start.
        """
        if self._process.process() is not None and self.url:
            return self.url
        demo = MeltanoProject.open(self.project, ENVIRONMENT)
        as_of, time_scale = demo.as_of, demo.variable("TANDEM_TIME_SCALE")
        if not (as_of and time_scale):
            raise TandemError(
                "meltano.yml gives environment demo no TANDEM_AS_OF or no TANDEM_TIME_SCALE."
            )
        port = _port(self.url)
        ready = self.project.state / "simulator.ready"
        self._process.start(
            [
                str(Path(sys.executable).with_name("simulator")),
                *("serve", "--port", str(port), "--seed", str(_SEED), "--size", "small"),
                *("--now", as_of, "--time-scale", time_scale, "--ready-file", str(ready)),
            ],
            ready,
        )
        address = f"http://127.0.0.1:{port}"
        envfile.put(self.project.env_file, _VARIABLE, address)
        return address

    def stop(self) -> bool:
        """Stop it; False when it was not running."""
        return self._process.stop()

    def forget(self) -> None:
        """Stop it and take its address out of `.env`."""
        self.stop()
        envfile.drop(self.project.env_file, _VARIABLE)


def _port(remembered: str | None) -> int:
    """The remembered port when it is free, else a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", urlsplit(remembered or "").port or 0))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
