"""How long a run should take, by Amazon's published limits and usual latencies.

Sources: the Selling Partner API's usage plans (createReport, createQuery and their documents: 15 at
once, then one a minute); reports of the Ads API are ready after one to three minutes and few are
made at a time.
"""

from __future__ import annotations

from collections.abc import Mapping

_BURST, _EVERY = 15, 60.0
_SP_READY = 60.0
_ADS_READY, _ADS_AT_ONCE = 120.0, 30
_ALWAYS = 20.0
"""Lists, loading, the start of the programs."""


def expected_seconds(api: str | None, reports: Mapping[tuple[str, str], int]) -> float:
    """Seconds that reports take which are asked for now.

    Args:
        api: `amazon_sp`, `amazon_ads`, or another, of which nothing is known.
        reports: how many, by region and kind; each of these has limits of its own.

    >>> expected_seconds("amazon_sp", {("na", "reports"): 17})
    200.0
    """
    if not reports or api not in ("amazon_sp", "amazon_ads"):
        return _ALWAYS
    longest = max(reports.values())
    if api == "amazon_sp":
        return _ALWAYS + _SP_READY + max(longest - _BURST, 0) * _EVERY
    return _ALWAYS + _ADS_READY * -(-longest // _ADS_AT_ONCE)
