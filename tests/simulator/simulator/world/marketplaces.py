"""The marketplaces of the world, as Amazon describes them.

Deliberately not shared with the taps: the simulator stands in for Amazon and must not inherit a
mistake from what it tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

PAN_EU = "pan_eu"


@dataclass(frozen=True)
class Market:
    """One Amazon marketplace. ``vat`` is NULL where prices exclude tax (US, CA)."""

    marketplace_id: str
    country_code: str
    name: str
    region: str
    currency_code: str
    language: str
    domain: str
    zone_name: str
    ads_zone_name: str
    per_usd: Decimal
    vat: Decimal | None
    sales_tax: Decimal = Decimal("0.08")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the marketplace's business day."""
        return ZoneInfo(self.zone_name)

    @property
    def sales_channel(self) -> str:
        """Amazon's name of the sales channel, such as ``Amazon.co.uk``."""
        return self.domain.removeprefix("www.").capitalize()

    @property
    def pool(self) -> str:
        """The FBA stock pool that serves the marketplace: continental EU is one pool."""
        return PAN_EU if self.country_code in _PAN_EU_COUNTRIES else self.country_code.lower()

    @property
    def minor_unit(self) -> Decimal:
        """The smallest amount of the currency."""
        return Decimal(1) if self.currency_code == "JPY" else Decimal("0.01")

    def day_of(self, instant: datetime) -> date:
        """The marketplace's calendar day at an instant."""
        return instant.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant (UTC) at which a marketplace day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def close(self, day: date) -> datetime:
        """The instant (UTC) at which a marketplace day has ended."""
        return self.midnight(day + timedelta(days=1))

    def money(self, usd: Decimal) -> Decimal:
        """A plausible local amount for an amount in USD, rounded to the currency's minor unit."""
        return (usd * self.per_usd).quantize(self.minor_unit)


_PAN_EU_COUNTRIES = frozenset({"DE", "FR", "IT", "ES", "NL", "BE", "IE", "SE", "PL"})


def _market(row: str) -> Market:
    cells = row.split()
    marketplace_id, country, region, currency, language, domain, zone, ads_zone, rate, vat = cells
    name = domain.removeprefix("www.").capitalize()
    tax = None if vat == "-" else Decimal(vat)
    return Market(
        marketplace_id, country, name, region, currency, language, domain, zone, ads_zone,
        Decimal(rate), tax,
    )  # fmt: skip


# Amazon writes GB in the Sellers API and UK in the Ads API; this table uses UK.
# id, country, region, currency, language, domain, zone, zone of the Ads API, per USD, VAT
_ROWS = """
ATVPDKIKX0DER  US na USD en_US www.amazon.com    America/Los_Angeles America/Los_Angeles 1     -
A2EUQ1WTGCTBG2 CA na CAD en_CA www.amazon.ca     America/Los_Angeles America/Los_Angeles 1.38  -
A1AM78C64UM0Y8 MX na MXN es_MX www.amazon.com.mx America/Los_Angeles America/Los_Angeles 18.6  0.16
A2Q3Y263D00KWC BR na BRL pt_BR www.amazon.com.br America/Sao_Paulo   America/Sao_Paulo   5.45  0.18
A1F83G8C2ARO7P UK eu GBP en_GB www.amazon.co.uk  Europe/London       Europe/London       0.77  0.20
A1PA6795UKMFR9 DE eu EUR de_DE www.amazon.de     Europe/Berlin       Europe/Paris        0.92  0.19
A13V1IB3VIYZZH FR eu EUR fr_FR www.amazon.fr     Europe/Paris        Europe/Paris        0.92  0.20
APJ6JRA9NG5V4  IT eu EUR it_IT www.amazon.it     Europe/Rome         Europe/Paris        0.92  0.22
A1RKKUPIHCS9HS ES eu EUR es_ES www.amazon.es     Europe/Madrid       Europe/Paris        0.92  0.21
A1VC38T7YXB528 JP fe JPY ja_JP www.amazon.co.jp  Asia/Tokyo          Asia/Tokyo          151   0.10
A39IBJ37TRP1C6 AU fe AUD en_AU www.amazon.com.au Australia/Sydney    Australia/Sydney    1.52  0.10
"""

MARKETS: dict[str, Market] = {
    market.marketplace_id: market for market in map(_market, _ROWS.strip().splitlines())
}
BY_COUNTRY: dict[str, Market] = {market.country_code: market for market in MARKETS.values()}
REGIONS = ("na", "eu", "fe")


def in_region(region: str) -> list[Market]:
    """The marketplaces of a region, in table order."""
    return [market for market in MARKETS.values() if market.region == region]
