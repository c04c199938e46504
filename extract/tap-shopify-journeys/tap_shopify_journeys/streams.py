"""The streams. Every row has the store's id, and says when it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from singer_sdk import Stream
from singer_sdk import typing as th
from singer_sdk.helpers.types import Context, Record

from tap_shopify_journeys.journeys import Order

if TYPE_CHECKING:
    from tap_shopify_journeys.tap import TapShopifyJourneys

_JSON = th.CustomType({"type": ["array", "object", "null"]})
"""One jsonb column: declared as a list of texts it would become an array."""


class ShopStream(Stream):
    """A stream of the shop."""

    columns: ClassVar[tuple[th.Property[Any], ...]]
    keys: ClassVar[tuple[str, ...]]
    _tap: TapShopifyJourneys

    def __init__(self, tap: TapShopifyJourneys) -> None:
        """Make the stream; asks nothing of Shopify."""
        self.primary_keys = ("store_id", *self.keys)
        schema = th.PropertiesList(
            th.Property("store_id", th.StringType, required=True),
            *self.columns,
            th.Property("extracted_at", th.DateTimeType),
        ).to_dict()
        super().__init__(tap, schema=schema)
        self.primary_keys = ("store_id", *self.keys)

    def rows(self) -> Iterable[Record]:
        """The rows, without what every row has."""
        raise NotImplementedError

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """The rows. A failure is recorded with the tap: the other streams go on."""
        stamps = {"store_id": self._tap.settings.store_id}
        with self._tap.collecting(self.name):
            for row in self.rows():
                read = self._tap.settings.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                yield {**stamps, **row, "extracted_at": read}


class Shops(ShopStream):
    """The shop's own record."""

    name = "shops"
    keys = ("shop_id",)
    columns = (
        th.Property("shop_id", th.StringType, required=True),
        th.Property("name", th.StringType),
        th.Property("myshopify_domain", th.StringType),
        th.Property("currency_code", th.StringType, description="Of every shop amount"),
        th.Property("iana_time_zone", th.StringType, description="Whose midnights are shop days"),
        th.Property("country_code", th.StringType),
        th.Property("taxes_included", th.BooleanType),
        th.Property("reads_all_orders", th.BooleanType, description="Orders before 60 days, too"),
        th.Property("access_scopes", _JSON),
        th.Property("created_at", th.DateTimeType),
    )

    def rows(self) -> Iterable[Record]:
        """One row."""
        shop = self._tap.journeys.shop()
        yield {
            "shop_id": shop["id"],
            "name": shop["name"],
            "myshopify_domain": shop["myshopifyDomain"],
            "currency_code": shop["currencyCode"],
            "iana_time_zone": shop["ianaTimezone"],
            "country_code": (shop["billingAddress"] or {}).get("countryCodeV2"),
            "taxes_included": shop["taxesIncluded"],
            "reads_all_orders": "read_all_orders" in shop["accessScopes"],
            "access_scopes": shop["accessScopes"],
            "created_at": shop["createdAt"],
        }


class OfOrders(ShopStream):
    """A stream of orders, incremental by their last update.

    Shopify tells orders by last update, so that the bookmark never passes one that was not read.
    """

    replication_key = "order_updated_at"

    def rows(self) -> Iterable[Record]:
        """The rows of every order of the run."""
        for order in self._tap.journeys.orders(self._tap.since):
            yield from self.of(order)

    def of(self, order: Order) -> Iterable[Record]:
        """The rows of an order."""
        raise NotImplementedError


class OrderJourneys(OfOrders):
    """Whether an order's journey is known, and how long it was."""

    name = "order_journeys"
    keys = ("order_id",)
    columns = (
        th.Property("order_id", th.StringType, required=True),
        th.Property("order_created_at", th.DateTimeType),
        th.Property("order_updated_at", th.DateTimeType),
        th.Property("is_ready", th.BooleanType, description="False as long as it is not known"),
        th.Property("moments_count", th.IntegerType),
        th.Property("customer_order_index", th.IntegerType),
        th.Property("days_to_conversion", th.IntegerType),
        th.Property("first_moment_at", th.DateTimeType),
        th.Property("last_moment_at", th.DateTimeType),
    )

    def of(self, order: Order) -> Iterable[Record]:
        """One row, whether or not there is a journey."""
        summary = order.get("customerJourneySummary") or {}
        is_ready = bool(summary.get("ready"))
        moments = order["moments"] if is_ready else []
        count = (summary.get("momentsCount") or {}).get("count")
        yield {
            "order_id": order["id"],
            "order_created_at": order["createdAt"],
            "order_updated_at": order["updatedAt"],
            "is_ready": is_ready,
            "moments_count": count if is_ready else None,
            "customer_order_index": summary.get("customerOrderIndex"),
            "days_to_conversion": summary.get("daysToConversion"),
            "first_moment_at": moments[0]["occurredAt"] if moments else None,
            "last_moment_at": moments[-1]["occurredAt"] if moments else None,
        }


class OrderJourneyMoments(OfOrders):
    """The visits that led to an order, first to last."""

    name = "order_journey_moments"
    keys = ("order_id", "moment_ordinal")
    columns = (
        th.Property("order_id", th.StringType, required=True),
        th.Property("moment_ordinal", th.IntegerType, required=True, description="1 is the first"),
        th.Property("order_updated_at", th.DateTimeType, description="The order's version"),
        th.Property("moment_id", th.StringType),
        th.Property("occurred_at", th.DateTimeType),
        th.Property("source", th.StringType),
        th.Property("source_type", th.StringType),
        th.Property("source_description", th.StringType),
        th.Property("referral_code", th.StringType),
        th.Property("landing_page", th.StringType, description="Without its query"),
        th.Property("referrer_url", th.StringType, description="Without its query"),
        th.Property("utm_source", th.StringType),
        th.Property("utm_medium", th.StringType),
        th.Property("utm_campaign", th.StringType),
        th.Property("utm_content", th.StringType),
        th.Property("utm_term", th.StringType),
    )

    def of(self, order: Order) -> Iterable[Record]:
        """A row per moment of a journey that is ready."""
        if not (order.get("customerJourneySummary") or {}).get("ready"):
            return
        for ordinal, moment in enumerate(order["moments"], start=1):
            utm = moment.get("utmParameters") or {}
            yield {
                "order_id": order["id"],
                "moment_ordinal": ordinal,
                "order_updated_at": order["updatedAt"],
                "moment_id": moment.get("id"),
                "occurred_at": moment["occurredAt"],
                "source": moment.get("source"),
                "source_type": moment.get("sourceType"),
                "source_description": moment.get("sourceDescription"),
                "referral_code": moment.get("referralCode"),
                "landing_page": without_query(moment.get("landingPage")),
                "referrer_url": without_query(moment.get("referrerUrl")),
                **{f"utm_{name}": utm.get(name) for name in _UTM},
            }


_UTM = ("source", "medium", "campaign", "content", "term")


def without_query(url: str | None) -> str | None:
    """An address without query, fragment and user, where personal data may stand."""
    if not url:
        return None
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def parse_instant(text: str) -> datetime:
    """An instant of a bookmark, in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
