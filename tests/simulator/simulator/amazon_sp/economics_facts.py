"""Fees and advertising of each SKU and day, straight from the ledger and from the ads' clicks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from simulator.world import World
from simulator.world.ads.profiles import seller_profile
from simulator.world.events import ZERO, AdProduct
from simulator.world.finance.events import Kind, Sort
from simulator.world.marketplaces import Market
from simulator.world.storage import storage_fees

FULFILMENT = "FBA fulfillment fees"
REFERRAL = "Referral fees"
REFUND_ADMINISTRATION = "Refund administration fees"
STORAGE = "FBA storage fees"
_FEE_OF = {
    Kind.FBA_FEE: FULFILMENT,
    Kind.COMMISSION: REFERRAL,
    Kind.REFUND_COMMISSION: REFUND_ADMINISTRATION,
}


@dataclass
class Charged:
    """What one fee cost a SKU on a day: positive, since economics tells costs."""

    amount: Decimal = ZERO
    units: int = 0


@dataclass
class Costs:
    """Everything charged on a day, by fee or as advertising."""

    fees: dict[str, Charged] = field(default_factory=lambda: defaultdict(Charged))
    ads: Decimal = ZERO


Days = dict[tuple[str, date], dict[str, Costs]]
"""By marketplace and its day, then by SKU."""


@lru_cache(maxsize=4)
def costs(world: World) -> Days:
    """All costs known by now. Multi-channel parcels are no business of the marketplace."""
    found: Days = defaultdict(lambda: defaultdict(Costs))
    _add_orders(world, found)
    _add_storage(world, found)
    for market in world.markets:
        _add_ads(world, market, found)
    return found


def _add_orders(world: World, found: Days) -> None:
    for region in world.sellers:
        for transaction in world.finance.transactions(region):
            # A release tells the money of its deferred transaction once more.
            if transaction.is_multi_channel or transaction.releases is not None:
                continue
            market = transaction.market
            day = market.day_of(transaction.posted_at)
            for part in transaction.parts:
                for kind, fee in _FEE_OF.items():
                    amounts = [c.amount for c in part.charges if c.kind is kind]
                    if amounts:
                        charged = found[market.marketplace_id, day][part.sku].fees[fee]
                        charged.amount -= sum(amounts)
                        is_sale = transaction.sort is Sort.SHIPMENT
                        charged.units += part.quantity if is_sale else 0


def _add_storage(world: World, found: Days) -> None:
    """A month's storage, on its first day of charge: the month's first."""
    skus = {
        (offer.marketplace_id, offer.fn_sku): offer.seller_sku
        for offer in reversed(world.listings)
        if offer.fn_sku
    }
    for fee in storage_fees(world):
        place = fee.market.marketplace_id
        sku = skus.get((place, fee.stock.fn_sku))
        if sku is not None:
            found[place, fee.month][sku].fees[STORAGE].amount += fee.fee


def _add_ads(world: World, market: Market, found: Days) -> None:
    profile = seller_profile(market.country_code)
    if profile is None:
        return
    for campaign in world.ads.campaigns(profile):
        if campaign.ad_product is not AdProduct.SPONSORED_PRODUCTS:
            continue
        for day in world.days(market):
            for visit in world.ads.visits(campaign, day):
                if visit.reported_at <= world.now and visit.ad.sku:
                    struck = visit.invalid_clicks if visit.reviewed_at <= world.now else 0
                    spent = (visit.clicks - struck) * visit.click_price + visit.view_cost
                    found[market.marketplace_id, day][visit.ad.sku].ads += spent
