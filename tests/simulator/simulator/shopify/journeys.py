"""The visits that led to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.shopify.connections import connection
from simulator.shopify.values import Node, count, gid, instant
from simulator.world.shop_details import ShopDetails
from simulator.world.shop_orders import Visit

if TYPE_CHECKING:
    from simulator.shopify.view import ShopView

_REFERRERS = {
    "google": "https://www.google.com/",
    "facebook": "https://l.facebook.com/",
    "instagram": "https://l.instagram.com/",
}
_TACTICS = {"cpc": "AD", "paid_social": "AD", "email": "NEWSLETTER", "organic": "SEO"}
_TAGGED = {"cpc", "paid_social", "email"}


def summary(view: ShopView, order: ShopDetails) -> Node | None:
    """The journey: None for orders that no browser made, not ready until it is worked out."""
    if order.order.source_name != "web" or not order.order.journey:
        return None
    ready_at = order.journey_ready_at
    if ready_at is None or ready_at > view.world.now:
        nothing = dict.fromkeys(("customerOrderIndex", "daysToConversion", "firstVisit"))
        nothing |= dict.fromkeys(("lastVisit", "moments", "momentsCount"))
        return {"ready": False, **nothing}
    visits = [_visit(order, number, visit) for number, visit in enumerate(order.order.journey)]
    days = (order.order.placed_at - order.order.journey[0].at).days
    return {
        "ready": True,
        "customerOrderIndex": order.order.order_id % 3,
        "daysToConversion": days,
        "firstVisit": visits[0],
        "lastVisit": visits[-1],
        "moments": connection(visits),
        "momentsCount": count(len(visits)),
    }


def _visit(order: ShopDetails, number: int, visit: Visit) -> Node:
    utm = None
    if visit.medium in _TAGGED:
        utm = {
            "source": visit.source,
            "medium": visit.medium,
            "campaign": visit.campaign,
            "content": "carousel-2" if visit.medium == "paid_social" else None,
            "term": "northwind mug" if visit.medium == "cpc" else None,
        }
    query = f"?utm_source={visit.source}&email=someone%40example.com" if utm else ""
    domain = "https://northwind-home.example"
    return {
        "__typename": "CustomerVisit",
        "id": gid("CustomerVisit", f"{order.order.order_id}{number}"),
        "occurredAt": instant(visit.at),
        "landingPage": f"{domain}{visit.landing_page}{query}",
        "referrerUrl": _REFERRERS.get(visit.source),
        "referralCode": None,
        "source": visit.source if visit.source == "direct" else visit.source.title(),
        "sourceDescription": None,
        "sourceType": _TACTICS.get(visit.medium or ""),
        "utmParameters": utm,
    }
