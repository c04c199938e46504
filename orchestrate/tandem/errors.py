"""What can go wrong here, in words that say what to do about it."""

from __future__ import annotations

import click


class TandemError(click.ClickException):
    """A failure whose message is one clear sentence for the person at the terminal."""


class NotOurDatabase(TandemError):
    """The server that answered is not the one that was started here: nothing is written to it."""


class MigrationError(TandemError):
    """The recorded migrations and the files disagree, or one could not be applied."""


class StepFailed(TandemError):
    """A step ended badly; the message names its log."""
