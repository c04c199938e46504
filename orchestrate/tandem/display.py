"""Progress for a person: bars in a terminal, a line per stream elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from tandem.loading import Part
from tandem.progress import Progress, StreamProgress

_SHOWN = 8
"""Streams that are shown of each part: what runs."""


class Display:
    """Shows the parts of one or several syncs while they run."""

    def __init__(self, console: Console) -> None:
        """Show them on a console."""
        self.console = console
        self._parts: list[Part] = []

    @contextmanager
    def live(self) -> Iterator[None]:
        """Show bars during the block, where the console is a terminal."""
        if not self.console.is_terminal:
            yield
            return
        with Live(
            get_renderable=self._render, console=self.console, refresh_per_second=4, transient=True
        ):
            yield

    def add(self, part: Part) -> None:
        """Show a part from now on."""
        self._parts.append(part)

    def remove(self, part: Part) -> None:
        """Show what came of a part, and its bars no more."""
        if part in self._parts:
            self._parts.remove(part)
        name = _name(part)
        for stream, count in part.rows.items():
            self.console.print(f"{name}: {stream:<28}{count:>10,} records")

    def _render(self) -> RenderableType:
        return Group(*(part_bars(part) for part in list(self._parts)))


def part_bars(part: Part) -> Table:
    """A part's bars: one for all of it and one for each stream that runs."""
    streams = part.progress.streams
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    for width in (34, 24, 14, None):
        table.add_column(width=width, no_wrap=True)
    planned = sum(one.planned for one in streams)
    done = sum(one.done for one in streams)
    rows = sum(one.rows_read for one in streams)
    table.add_row(
        f"[bold]{_name(part)}",
        _bar(done, planned),
        f"{rows:,} rows",
        time_left(part.progress) if streams else "starting …",
    )
    running = [one for one in streams if one.state in ("running", "failed")]
    for one in running[:_SHOWN]:
        table.add_row(f"  {one.name}", _bar(one.done, one.planned), f"{one.rows_read:,}", _why(one))
    if len(running) > _SHOWN:
        table.add_row(f"  and {len(running) - _SHOWN} more")
    return table


def time_left(progress: Progress) -> str:
    """How much longer it should take, as people say it.

    >>> time_left(Progress())
    ''
    """
    remaining = progress.remaining
    if remaining is None:
        return ""
    if remaining < 1:
        return "loading the last rows"
    if remaining < 90:
        return f"about {max(round(remaining / 10) * 10, 10)} s left"
    return f"about {round(remaining / 60)} min left"


def _why(one: StreamProgress) -> str:
    if one.state == "failed":
        return "failed, see the end"
    return f"waiting for {_lower(one.awaiting)}" if one.awaiting else "reading"


def _lower(text: str) -> str:
    return f"Amazon: {text[10:]}" if text.startswith("Amazon is ") else text


def _bar(done: int, planned: int) -> ProgressBar:
    return ProgressBar(total=max(planned, 1), completed=done, width=24)


def _name(part: Part) -> str:
    store = "" if part.run.store_id == "default" else f"{part.run.store_id} "
    return f"{store}{part.run.tap}"
