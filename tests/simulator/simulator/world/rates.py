"""Exchange rates of the world: the ones by which its prices and payouts are converted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from simulator.world.marketplaces import BY_COUNTRY, MARKETS

_FRANKFURT = ZoneInfo("Europe/Berlin")
_PUBLISHED = time(16)
_SATURDAY = 5
_PER_USD = {market.currency_code: market.per_usd for market in MARKETS.values()}
CURRENCIES = tuple(sorted(_PER_USD.keys() - {"EUR"}))


def per_euro(currency_code: str) -> Decimal:
    """Units of a currency for one euro, as the ECB tells it; the same on every day."""
    if currency_code == "EUR":
        return Decimal(1)
    per_usd, euros = _PER_USD[currency_code], BY_COUNTRY["DE"].per_usd
    return (per_usd / euros).quantize(Decimal("0.00001"))


def published(now: datetime) -> Iterator[date]:
    """The days of which rates are known, newest first: working days, of today after 16:00.

    From the year before on, whatever the day: what was published stays published.
    """
    local = now.astimezone(_FRANKFURT)
    last = local.date() if local.time() >= _PUBLISHED else local.date() - timedelta(days=1)
    first = date(local.year - 1, 1, 1)
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        if day.weekday() < _SATURDAY:
            yield day
