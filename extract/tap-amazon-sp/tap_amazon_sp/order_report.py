"""Whether Amazon makes the order report in a region, found out before anything is planned."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from amazon_client.errors import InvalidRequest
from amazon_client.records import utc_timestamp
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.reports import CREATE_REPORT, listed
from tap_amazon_sp.streams.orders_bulk import ORDERS_BULK

logger = logging.getLogger(__name__)

_LISTED = timedelta(days=89)
"""How far back Amazon lists reports."""
_PROBE = timedelta(hours=1)
_DELAY = timedelta(minutes=2)


def has_order_report(partner: SellingPartner, region: str, marketplace_ids: Sequence[str]) -> bool:
    """Whether the region has the report: one is listed, or Amazon takes the request of a small one.

    A refusal is logged: the orders of the region are then read with searchOrders alone.
    """
    now = partner.clock.now()
    try:
        if any(True for _ in listed(partner, ORDERS_BULK.report_type, now - _LISTED)):
            return True
        partner.http.call(
            CREATE_REPORT,
            json={
                "reportType": ORDERS_BULK.report_type,
                "marketplaceIds": list(marketplace_ids),
                "dataStartTime": utc_timestamp(now - _PROBE),
                "dataEndTime": utc_timestamp(now - _DELAY),
            },
        )
    except InvalidRequest as refusal:
        logger.warning(
            "Amazon refuses the order report in region %s (%s): its orders are read with "
            "searchOrders, 100 in three minutes once the first 2,000 are read",
            region,
            refusal.facts,
        )
        return False
    return True
