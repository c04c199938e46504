"""What went wrong in a run: collected, so that one stream's failure does not stop the others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from amazon_client.errors import AmazonError, NeedsReauth
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.progress import tell


@dataclass(frozen=True)
class Failure:
    """Something that a stream could not read for an account."""

    stream: str
    account: str
    error: Exception

    def __str__(self) -> str:
        """Where, what, why and the remedy."""
        kind = "" if isinstance(self.error, AmazonError) else f"{type(self.error).__name__}: "
        return f"{self.stream} ({self.account}): {kind}{self.error}"


class Failures:
    """The failures of a run."""

    def __init__(self, logger: logging.Logger) -> None:
        """Start without any; each is logged as it comes."""
        self._logger = logger
        self._all: list[Failure] = []

    def __iter__(self) -> Iterator[Failure]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @contextmanager
    def collecting(self, stream: str, account: object) -> Iterator[None]:
        """Record an error of the body under a stream and account instead of raising it."""
        try:
            yield
        except Cancelled:
            raise
        except Exception as error:
            failure = Failure(stream, str(account), error)
            self._all.append(failure)
            tell("problem", stream=stream, account=account, kind=type(error).__name__)
            # What is no error of Amazon's is a fault of ours, and wants its traceback.
            unexpected = None if isinstance(error, AmazonError) else error
            self._logger.error("failed: %s", failure, exc_info=unexpected)

    @property
    def exit_code(self) -> int:
        """What the run returns: 0 without failures, the kind's own code if all are of one kind.

        That an account has to be authorised again counts before everything else.
        """
        codes = {getattr(failure.error, "exit_code", 1) for failure in self._all}
        if NeedsReauth.exit_code in codes:
            return NeedsReauth.exit_code
        return codes.pop() if len(codes) == 1 else min(len(codes), 1)
