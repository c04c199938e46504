"""Finances 2024-06-19: transactions within two days, with their items and trees of breakdowns.

Asked once per region without a marketplace (with one, Amazon leaves out what merchants ship in the
US); the marketplace stands in each transaction. Money that Amazon holds back is a DEFERRED
transaction; when it is set free that one becomes DEFERRED_RELEASED, its posting date unmoved, and a
RELEASED one with an id of its own appears. The change of an old one is found by its status.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from amazon_client.extraction import Delivery
from amazon_client.singer.schema import (
    Columns,
    boolean,
    integer,
    leftovers,
    money,
    text,
    texts,
    timestamp,
)
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.columns import list_
from tap_amazon_sp.streams.finances_source import TRANSACTIONS

logger = logging.getLogger(__name__)


def currency(path: str, name: str) -> Any:
    """Declare one of this API's money objects."""
    return money(path, name, amount="currencyAmount")


_IDENTIFIERS = (
    "ORDER_ID",
    "SHIPMENT_ID",
    "FINANCIAL_EVENT_GROUP_ID",
    "SETTLEMENT_ID",
    "REFUND_ID",
    "INVOICE_ID",
    "DISBURSEMENT_ID",
    "TRANSFER_ID",
    "DEFERRED_TRANSACTION_ID",
    "RELEASE_TRANSACTION_ID",
)
_ITEM_IDENTIFIERS = (
    "ORDER_ADJUSTMENT_ITEM_ID",
    "COUPON_ID",
    "REMOVAL_SHIPMENT_ITEM_ID",
    "TRANSACTION_ID",
)


def _by_name(listed: Iterable[Mapping[str, str]] | None, prefix: str) -> dict[str, str]:
    """The first value of each name; `related_identifiers` has all of them."""
    found: dict[str, str] = {}
    for entry in listed or ():
        found.setdefault(entry[f"{prefix}Name"], entry[f"{prefix}Value"])
    return found


def context_of(owner: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What the first context of a kind says, empty without one."""
    for context in owner.get("contexts") or ():
        if context.get("contextType") == kind:
            return {name: value for name, value in context.items() if name != "contextType"}
    return {}


class FinancialTransactions(AmazonStream):
    """One row per transaction, with its identifiers by name and why it is held back."""

    name = "financial_transactions"
    dataset = TRANSACTIONS
    keys: ClassVar[tuple[str, ...]] = ("transaction_id",)
    replication_key = "posted_date"
    columns: ClassVar[Columns] = (
        text("transactionId"),
        texts("transactionType", "transactionStatus", "description"),
        timestamp("postedDate"),
        currency("totalAmount", "total"),
        text("marketplaceDetails.marketplaceId"),
        text("marketplaceDetails.marketplaceName"),
        text("sellingPartnerMetadata.accountType"),
        text("sellingPartnerMetadata.marketplaceId", "account_marketplace_id"),
        text("sellingPartnerMetadata.sellingPartnerId", "account_selling_partner_id"),
        tuple(text(f"identifiers.{name}", name.lower()) for name in _IDENTIFIERS),
        text("deferred.deferralReason"),
        timestamp("deferred.maturityDate"),
        list_("relatedIdentifiers"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the transactions without what has streams of its own."""
        for told in self.transactions(delivery):
            own = {name: told[name] for name in told if name not in _CHILDREN}
            yield {
                **own,
                "identifiers": _by_name(told.get("relatedIdentifiers"), "relatedIdentifier"),
                "deferred": context_of(told, "DeferredContext"),
            }

    def transactions(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the transactions as Amazon tells them, each with an id.

        The model demands none; one without is named after its instant and its place in it.
        """
        unnamed: Counter[str] = Counter()
        for told in super().rows(delivery):
            if told.get("transactionId"):
                yield told
                continue
            posted = told.get("postedDate") or "undated"
            unnamed[posted] += 1
            logger.warning("%s: a transaction of %s has no id", self.name, posted)
            yield {**told, "transactionId": f"none-{posted}-{unnamed[posted]}"}


_CHILDREN = ("items", "contexts", "breakdowns")
_TOLD_OF_PARENT = ("transactionId", "postedDate", "transactionType", "transactionStatus")


class _Parts(FinancialTransactions):
    """What the streams of a transaction's parts have in common."""

    parent = (
        text("transaction.transactionId"),
        integer("itemOrdinal", description="Place of the item, from 1; 0 is the transaction"),
    )
    told = (
        timestamp("transaction.postedDate"),
        texts("transaction.transactionType", "transaction.transactionStatus"),
        text("transaction.marketplaceDetails.marketplaceId"),
    )

    first = 0
    """The ordinal to begin with: 0 for the transaction's own parts, 1 for those of items only."""

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the parts of every transaction."""
        for told in self.transactions(delivery):
            place = (told.get("marketplaceDetails") or {}).get("marketplaceId")
            base = {
                "transaction": {
                    **{name: told.get(name) for name in _TOLD_OF_PARENT},
                    "marketplaceDetails": {"marketplaceId": place},
                }
            }
            owners = enumerate((told, *(told.get("items") or ())))
            for ordinal, owner in islice(owners, self.first, None):
                yield from ({**base, "itemOrdinal": ordinal, **part} for part in self.parts(owner))

    def parts(self, owner: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield what the stream is about, of the transaction or of one item."""
        raise NotImplementedError


class FinancialTransactionItems(_Parts):
    """The items of transactions, in Amazon's order."""

    name = "financial_transaction_items"
    keys = ("transaction_id", "item_ordinal")
    columns = (
        _Parts.parent,
        _Parts.told,
        text("item.description"),
        currency("item.totalAmount", "total"),
        texts("product.asin", "product.sku"),
        integer("product.quantityShipped"),
        text("product.fulfillmentNetwork"),
        tuple(
            text(f"identifiers.{name}", f"item_{name}".lower().replace("item_order", "order"))
            for name in _ITEM_IDENTIFIERS
        ),
        list_("item.relatedIdentifiers"),
        leftovers(),
    )

    first = 1

    def parts(self, owner: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield the item itself, without what has streams of its own."""
        yield {
            "item": {name: owner[name] for name in owner if name not in _CHILDREN},
            "product": context_of(owner, "ProductContext"),
            "identifiers": _by_name(owner.get("relatedIdentifiers"), "itemRelatedIdentifier"),
        }


class FinancialTransactionContexts(_Parts):
    """What Amazon says about transactions and items: product, payment, deferral, time, …"""

    name = "financial_transaction_contexts"
    keys = ("transaction_id", "item_ordinal", "context_ordinal")
    columns = (
        _Parts.parent,
        integer("contextOrdinal"),
        _Parts.told,
        texts("context.contextType", "context.asin", "context.sku"),
        integer("context.quantityShipped"),
        texts(
            "context.fulfillmentNetwork",
            "context.storeName",
            "context.orderType",
            "context.channel",
            "context.paymentType",
            "context.paymentMethod",
            "context.paymentReference",
        ),
        timestamp("context.paymentDate"),
        text("context.deferralReason"),
        timestamp("context.maturityDate"),
        timestamp("context.startTime"),
        timestamp("context.endTime"),
        leftovers(),
    )

    def parts(self, owner: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield the contexts, in Amazon's order."""
        for ordinal, context in enumerate(owner.get("contexts") or (), start=1):
            yield {"context": context, "contextOrdinal": ordinal}


class FinancialTransactionBreakdowns(_Parts):
    """The nodes of the trees that explain transactions (item 0) and their items.

    A node's amount includes those below it: add up the leaves of a tree, or its roots, never both.
    """

    name = "financial_transaction_breakdowns"
    keys = ("transaction_id", "item_ordinal", "breakdown_ordinal")
    columns = (
        _Parts.parent,
        integer("breakdownOrdinal", description="Place in the tree, each node before those below"),
        _Parts.told,
        text("level", description="transaction or item"),
        text("path", description="Types from the root down, joined by /"),
        text("node.breakdownType"),
        currency("node.breakdownAmount", "breakdown"),
        integer("depth", description="1 for a root"),
        integer("parentOrdinal", description="NULL for a root"),
        boolean("isLeaf"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the nodes of every tree."""
        for row in super().rows(delivery):
            yield {**row, "level": "item" if row["itemOrdinal"] else "transaction"}

    def parts(self, owner: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield the nodes, each before those below it."""
        return nodes(owner.get("breakdowns"))


def nodes(roots: Any) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a tree of breakdowns with path, depth, ordinal and parent."""
    ordinals = iter(range(1, 1 << 31))
    todo: list[tuple[Mapping[str, Any], str, int, int | None]]
    todo = [(node, "", 0, None) for node in reversed(_listed(roots))]
    while todo:
        node, above, depth, parent = todo.pop()
        path = f"{above}{node.get('breakdownType') or ''}"
        below, ordinal = _listed(node.get("breakdowns")), next(ordinals)
        yield {
            "node": {name: node[name] for name in node if name != "breakdowns"},
            "path": path,
            "depth": depth + 1,
            "breakdownOrdinal": ordinal,
            "parentOrdinal": parent,
            "isLeaf": not below,
        }
        todo += [(child, f"{path}/", depth + 1, ordinal) for child in reversed(below)]


def _listed(breakdowns: Any) -> list[Mapping[str, Any]]:
    """A list of breakdowns; an example of Amazon's wraps it in an object of that name."""
    if isinstance(breakdowns, Mapping):
        breakdowns = breakdowns.get("breakdowns")
    return list(breakdowns or ())
