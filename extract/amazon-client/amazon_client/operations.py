"""What one operation of Amazon's is: its name, where it is and how often it may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Operation:
    """One operation, declared once beside the code that calls it.

    `rate` and `burst` are the documented token bucket: `burst` calls at once, `rate` more each
    second. `path` may hold `{name}` placeholders.
    """

    name: str
    method: str
    path: str
    rate: float
    burst: int
    adaptive: bool = False
    """The rate is a guess of ours (the Ads API publishes none): it halves with each 429 and
    grows back with each success."""
    repeatable: bool = True
    """False for a call that leaves something behind, such as createReport: when its answer is
    lost (timeout, reset, 5xx) it is not blindly repeated but raises `ServerUnavailable`, so that
    the caller can first look whether it arrived. A 429 is repeated all the same."""
    throttle_backoff: float = 1.0
    """Seconds to wait at least after a first 429; doubles with each further one."""
    throttle_backoff_max: float = 900.0
    content_type: str = "application/json"
    accept: str = "application/json"

    def url(self, base_url: str, path_params: Mapping[str, str] | None = None) -> str:
        """The absolute URL, with every path parameter percent-encoded.

        Raises:
            KeyError: a placeholder has no value.
        """
        encoded = {name: quote(str(value), safe="") for name, value in (path_params or {}).items()}
        return base_url.rstrip("/") + self.path.format(**encoded)
