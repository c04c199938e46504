"""The Selling Partner API: whether an authorisation is good, whose it is and which roles it lacks.

Each role is tried with the cheapest request that needs it. Sources: the roles of the operations in
Amazon's documentation; see also the README of tap-amazon-sp.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amazon_client.clock import SystemClock
from amazon_client.errors import AccessDenied, AmazonError, InvalidRequest, NeedsReauth
from amazon_client.marketplaces import Marketplace
from amazon_client.rate_limits import RateLimits
from amazon_client.read_only import ReadOnlySession
from amazon_client.records import utc_timestamp
from amazon_client.singer.settings import Credentials, Settings
from tandem.connect.granted import Granted, Login, NotConnected, UnsupportedMarketplace
from tandem.meltano_project import MeltanoProject
from tap_amazon_sp.client import SellingPartner, connect
from tap_amazon_sp.data_kiosk import CREATE_QUERY
from tap_amazon_sp.streams.fba_inventory import GET_SUMMARIES
from tap_amazon_sp.streams.finances_source import LIST_TRANSACTIONS
from tap_amazon_sp.streams.order_metrics import GET_METRICS
from tap_amazon_sp.streams.orders import SEARCH_ORDERS

TAP = "tap-amazon-sp"
_ADMIN = (
    "Only an admin user of the seller account can authorise an application: sign in to Seller "
    "Central as the primary user, or let that user authorise it."
)


@dataclass(frozen=True)
class _Look:
    partner: SellingPartner
    place: Marketplace
    now: datetime

    def orders(self) -> object:
        since = utc_timestamp(self.now - timedelta(hours=1))
        query = {"lastUpdatedAfter": since, "maxResultsPerPage": 1}
        return self.partner.http.call(SEARCH_ORDERS, query=query)

    def transactions(self) -> Any:
        query = {"postedAfter": utc_timestamp(self.now - timedelta(days=30))}
        return self.partner.http.call(LIST_TRANSACTIONS, query=query).data

    def inventory(self) -> object:
        query = {
            "granularityType": "Marketplace",
            "granularityId": self.place.marketplace_id,
            "marketplaceIds": [self.place.marketplace_id],
        }
        return self.partner.http.call(GET_SUMMARIES, query=query)

    def metrics(self) -> object:
        today = self.now.astimezone(self.place.zone).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        query = {
            "marketplaceIds": [self.place.marketplace_id],
            "interval": f"{(today - timedelta(days=1)).isoformat()}--{today.isoformat()}",
            "granularity": "Day",
            "granularityTimeZone": self.place.time_zone,
        }
        return self.partner.http.call(GET_METRICS, query=query)

    def sales_and_traffic(self) -> object:
        return self._ask(
            "analytics_salesAndTraffic_2024_04_24{salesAndTrafficByDate(aggregateBy:DAY ",
            "){startDate}}",
        )

    def economics(self) -> object:
        return self._ask(
            "analytics_economics_2024_03_15{economics(aggregateBy:{date:DAY productId:MSKU} ",
            "){startDate}}",
        )

    def _ask(self, begin: str, end: str) -> object:
        """A query of one day: it creates a document that nobody needs to fetch."""
        day = json.dumps((self.now - timedelta(days=5)).date().isoformat())
        places = json.dumps([self.place.marketplace_id])
        text = f"{begin}startDate:{day} endDate:{day} marketplaceIds:{places}{end}"
        return self.partner.http.call(CREATE_QUERY, json={"query": "{" + text + "}"})


_ROLES: Mapping[str, Callable[[_Look], object]] = {
    "Inventory and Order Tracking": _Look.orders,
    "Finance and Accounting": _Look.transactions,
    "Amazon Fulfillment": _Look.inventory,
    "Pricing": _Look.metrics,
    "Brand Analytics": _Look.sales_and_traffic,
    "Selling Partner Insights": _Look.economics,
}


def verify(
    meltano: MeltanoProject, login: Login, region: str, selling_partner_id: str | None
) -> Granted:
    """Find out what an authorisation opens.

    Args:
        meltano: whose settings say where the API is.
        login: application and refresh token.
        region: na, eu or fe.
        selling_partner_id: as the seller or the consent says; None to find it out.

    Raises:
        NotConnected: the authorisation is not good, or no seller's that can be read.
    """
    partner, now = _partner(meltano, login, region, selling_partner_id)
    try:
        places = partner.marketplaces()
    except NeedsReauth as error:
        raise NotConnected(
            f"Amazon refuses this authorisation for region {region}: {error.facts} Authorise the "
            "application again and use the new refresh token; each region has one of its own."
        ) from None
    except AccessDenied as error:
        raise NotConnected(
            f"The authorisation may not read the seller's marketplaces: {error.facts} {_ADMIN} "
            "The application needs the role Product Listing or Selling Partner Insights, and the "
            f"account must sell in region {region}."
        ) from None
    except AmazonError as error:
        raise NotConnected(str(error)) from None
    if not places:
        raise UnsupportedMarketplace(
            f"The seller takes part in no marketplace of region {region} that is known here. "
            "Connect the region in which the account sells (na, eu or fe)."
        )
    look = _Look(partner, next((p for p in places if p.is_supported), places[0]), now)
    missing, notes, found_id = _roles(look)
    if found_id and selling_partner_id and found_id != selling_partner_id:
        raise NotConnected(
            f"The refresh token is seller {found_id}'s, not {selling_partner_id}'s. Use the "
            "Merchant Token that Seller Central shows under Settings, Account Info."
        )
    if not (found_id or selling_partner_id):
        raise NotConnected(
            "Amazon does not tell whose token this is: name the seller with --selling-partner-id "
            "(Seller Central, Settings, Account Info, Merchant Token)."
        )
    best_effort = [place.country_code for place in places if not place.is_supported]
    if best_effort:
        notes.append(f"Read as best effort: {', '.join(best_effort)}.")
    names = {entry.get("storeName") for entry in partner.participations} - {None, ""}
    return Granted(
        account_id=found_id or selling_partner_id,
        account_name=sorted(map(str, names))[0] if names else None,
        missing=missing,
        marketplaces=places,
        notes=notes,
        state="partial" if missing else "connected",
        reason=f"Roles are missing: {', '.join(missing)}." if missing else None,
        remedy="Give the roles to the application in Seller Central (Apps and Services, Develop "
        "Apps), authorise it again and reconnect with the new refresh token."
        if missing
        else None,
    )


def _roles(look: _Look) -> tuple[list[str], list[str], str | None]:
    """The missing roles, remarks, and the seller's id where a transaction tells it."""
    missing, notes, seller = [], [], None
    for role, ask in _ROLES.items():
        try:
            answer = ask(look)
        except AccessDenied:
            missing.append(role)
        except InvalidRequest as error:
            notes.append(f"Whether the role {role} is there could not be found out: {error.facts}")
        except AmazonError as error:
            notes.append(f"{role}: {error}")
        else:
            if ask is _Look.transactions:
                seller = _seller_of(answer)
    return missing, notes, seller


def _seller_of(answer: Any) -> str | None:
    payload = answer.get("payload", answer)
    for transaction in payload.get("transactions", []):
        seller = (transaction.get("sellingPartnerMetadata") or {}).get("sellingPartnerId")
        if seller:
            return str(seller)
    return None


def _partner(
    meltano: MeltanoProject, login: Login, region: str, seller: str | None
) -> tuple[SellingPartner, datetime]:
    config = {
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "accounts": [{"region": region, "refresh_token": login.token}],
        "as_of": meltano.as_of,
        **{name: meltano.setting(TAP, name) for name in ("api_url", "auth_url")},
    }
    settings = Settings.read(config, tap_name="tandem", version="1", deadline_minutes=1)
    clock = SystemClock(settings.as_of)
    credentials = Credentials(region, login.token, seller)
    partner = connect(settings, credentials, ReadOnlySession(), RateLimits(clock), clock)
    return partner, clock.now()
