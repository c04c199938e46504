"""A window that is asked for in stages: what comes next depends on what came before.

The first answer may be the list of products that the rest is to be asked about; all questions of a
stage are then asked side by side, each with a report of its own, and the delivery holds them all.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from amazon_client.extraction.datasets import ReportDataset
from amazon_client.extraction.deliveries import Answer, Delivery
from amazon_client.extraction.journal_tables import PARTS_PER_BRANCH
from amazon_client.extraction.tickets import Ticket


class Branch(Ticket):
    """A further question of a window, with parts of its own in the journal."""

    def __init__(self, root: Ticket, number: int, body: Mapping[str, Any]) -> None:
        """Ask `body` of the window of `root`, as its `number`-th question after the first."""
        super().__init__(root.plan, root.saved, root.position)
        self.begin(replace(self.request, body=body), number * PARTS_PER_BRANCH)


class Stages:
    """The questions of one window: which are answered, and what follows from the answers."""

    def __init__(self, root: Ticket) -> None:
        """Begin with the window's first question, which becomes the delivery."""
        dataset = root.request.dataset
        assert isinstance(dataset, ReportDataset)
        self.root = root
        self._dataset = dataset
        self._lock = threading.Lock()
        self._questions = [root]
        self._answers: dict[Ticket, Delivery] = {}
        root.stages = self

    def answered(self, ticket: Ticket, now: datetime) -> Sequence[Ticket]:
        """Take the answer of a question; return the next ones, none while others are open."""
        with self._lock:
            self._answers[ticket] = ticket.delivery(now)
            if len(self._answers) < len(self._questions) or self._dataset.follow_ups is None:
                return ()
            bodies = self._dataset.follow_ups(self.root.request, self._given)
            first = len(self._questions)
            branches = [Branch(self.root, first + n, body) for n, body in enumerate(bodies)]
            for branch in branches:
                branch.stages = self
            self._questions += branches
            return branches

    def delivery(self) -> Delivery | None:
        """All answers as the window's one delivery, None while a question is open."""
        with self._lock:
            if len(self._answers) < len(self._questions):
                return None
            given = self._given
        finished = [one.generated_at for one in self._answers.values() if one.generated_at]
        return replace(
            self._answers[self.root],
            documents=tuple(document for answer in given for document in answer.documents),
            generated_at=max(finished, default=None),
            answers=tuple(given),
        )

    @property
    def _given(self) -> list[Answer]:
        deliveries = [self._answers[question] for question in self._questions]
        return [Answer(one.request.body, one.documents) for one in deliveries]
