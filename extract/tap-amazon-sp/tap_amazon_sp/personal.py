"""Personal data: what of it could come along with an answer, and taking it out.

Amazon's Data Protection Policy allows it for fulfilment, tax and law only, not for analysis. None
of it is asked for; what comes nevertheless is dropped before anything else sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

ORDER = ("buyer", "recipient", "payment", "tax")
"""Parts of an order of the Orders API: buyer, address, card, tax registrations."""
ORDER_ITEM = (
    "product.customization.customizedUrl",
    "fulfillment.packing.giftOption.giftMessage",
)
"""Parts of an order's line of the Orders API."""
RETURN = ("customer-comments",)
"""Free text that customers write to a return."""
REPORT_ELEMENTS = frozenset(
    {
        "AddressLine1",
        "AddressLine2",
        "AddressLine3",
        "BuyerEmail",
        "BuyerName",
        "BuyerPhoneNumber",
        "City",
        "GiftMessage",
        "Name",
        "PhoneNumber",
        "PostalCode",
        "PurchaseOrderNumber",
        "RecipientName",
        "State",
    }
)
"""Elements of the order report, wherever they stand: whom and where an order went to, below the
country."""


def drop(row: dict[str, Any], paths: Iterable[str]) -> None:
    """Remove the values at dotted paths from a row, in place."""
    for path in paths:
        *outer, last = path.split(".")
        node = row
        for step in outer:
            node = node.get(step) or {}
        node.pop(last, None)
