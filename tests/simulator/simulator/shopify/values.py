"""How Shopify writes ids, instants and money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Node = dict[str, Any]
"""One object of the schema: values, or functions of (info, **arguments) that give them."""


def gid(kind: str, number: int | str) -> str:
    """A global id, such as ``gid://shopify/Order/5600001030000``."""
    return f"gid://shopify/{kind}/{number}"


def number_of(identifier: str) -> str:
    """The last part of a global id; a plain number stays what it is."""
    return identifier.rsplit("/", 1)[-1]


def instant(moment: datetime | None) -> str | None:
    """An instant in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def decimal(amount: Decimal) -> str:
    """A Decimal as Shopify writes it: trailing zeros off, one place at least (``10.0``)."""
    text = f"{amount:f}"
    if "." not in text:
        return f"{text}.0"
    whole, places = text.split(".")
    return f"{whole}.{places.rstrip('0') or '0'}"


@dataclass(frozen=True)
class Purse:
    """The two currencies that an order is told in."""

    currency_code: str
    presentment_currency_code: str
    rate: Decimal
    """Presentment units for one of the shop's."""

    def bag(self, amount: Decimal) -> Node:
        """An amount of the shop's money as a MoneyBag."""
        presented = (amount * self.rate).quantize(Decimal("0.01"))
        return {
            "shopMoney": money(amount, self.currency_code),
            "presentmentMoney": money(presented, self.presentment_currency_code),
        }


def money(amount: Decimal, currency_code: str) -> Node:
    """An amount as MoneyV2."""
    return {"__typename": "MoneyV2", "amount": decimal(amount), "currencyCode": currency_code}


def count(number: int) -> Node:
    """A Count that is exact."""
    return {"count": number, "precision": "EXACT"}
