"""The tap: which sellers there are, and how their data is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from singer_sdk import Stream
from singer_sdk.about import AboutFormatter

from amazon_client.errors import ConfigurationError
from amazon_client.extraction import Account, Dataset, ReportBackend
from amazon_client.rate_limits import RateLimits
from amazon_client.read_only import ReadOnlySession
from amazon_client.singer.settings import Credentials, common_settings
from amazon_client.singer.tap import AmazonTap
from tap_amazon_sp import streams
from tap_amazon_sp.about import stream_facts, with_streams
from tap_amazon_sp.accounts import MarketplaceAccount, Seller
from tap_amazon_sp.client import SellingPartner, connect, latest_zone
from tap_amazon_sp.data_kiosk import DataKiosk
from tap_amazon_sp.datasets import (
    DATA_KIOSK,
    READY_REPORTS,
    REPORTS,
    SellerReport,
    SellerSearch,
)
from tap_amazon_sp.order_report import has_order_report
from tap_amazon_sp.ready_reports import ReadyReports
from tap_amazon_sp.reports import Reports
from tap_amazon_sp.settings import (
    AUTO,
    ORDERS_SOURCE,
    PACK_FILTERS,
    PERSONAL_DATA,
    SETTINGS,
)
from tap_amazon_sp.streams import catalog, orders_bulk, orders_source

_BACKENDS: Mapping[str, Callable[[str, SellingPartner], ReportBackend]] = {
    REPORTS: Reports,
    READY_REPORTS: ReadyReports,
    DATA_KIOSK: DataKiosk,
}


class TapAmazonSP(AmazonTap):
    """Singer tap for the Amazon Selling Partner API, read-only."""

    name = "tap-amazon-sp"
    api = "amazon_sp"
    account_column = "selling_partner_id"
    stream_types = streams.ALL
    config_jsonschema = common_settings(SETTINGS)

    def load_accounts(self) -> list[Account]:
        """Return one account per authorised region, with the marketplaces the seller sells in."""
        accounts = []
        for credentials in self.settings.accounts:
            with self.collecting(streams.MarketplaceParticipations.name, credentials.region):
                accounts.append(self._account(credentials))
        return accounts

    def accounts_for(self, dataset: Dataset) -> Sequence[Account]:
        """Return the sellers, or each of their marketplaces where Amazon is asked one at a time.

        Regions that do not have the dataset are left out.
        """
        accounts = super().accounts_for(dataset)
        if isinstance(dataset, SellerReport) and dataset.regions is not None:
            accounts = [one for one in accounts if one.region in dataset.regions]
        if dataset is orders_bulk.ORDERS_BULK:
            accounts = [one for one in accounts if orders_source.has_report(one)]
        if isinstance(dataset, SellerSearch | SellerReport) and dataset.by_marketplace:
            return [part for account in accounts for part in MarketplaceAccount.split(account)]
        return accounts

    def discover_streams(self) -> Sequence[Stream]:
        """Make the streams; those of personal data only where the user wants them."""
        personal = streams.PERSONAL if self.config.get(PERSONAL_DATA) else ()
        return [*(stream_type(self) for stream_type in personal), *super().discover_streams()]

    def client(self, account: Account) -> SellingPartner:
        """Return the seller's way to the API of the account's region."""
        return self._partner(account.region)

    def backend(self, name: str, account: Account) -> ReportBackend:
        """Return the region's reports or queries, the same for all that share its limits."""
        key = (name, account.region)
        if key not in self._backends:
            self._backends[key] = _BACKENDS[name](account.region, self._partner(account.region))
        return self._backends[key]

    @classmethod
    def print_about(cls, output_format: str | None = None) -> None:
        """Print what the tap is, and of every stream where it comes from and how it is read."""
        chosen = output_format or "text"
        text = AboutFormatter.get_formatter(chosen).format_about(cls._get_about_info())
        facts = stream_facts((*streams.ALL, *streams.PERSONAL))
        print(with_streams(text, chosen, facts))

    def _account(self, credentials: Credentials) -> Account:
        if not credentials.selling_partner_id:
            raise ConfigurationError(
                f"No selling_partner_id is set for region {credentials.region}",
                remedy="Set it to the Merchant Token that Seller Central shows under Settings, "
                "Account Info.",
            )
        partner = self._partner(credentials.region)
        places = partner.marketplaces()
        marketplace_ids = tuple(place.marketplace_id for place in places)
        return Seller(
            store_id=self.settings.store_id,
            region=credentials.region,
            account_id=credentials.selling_partner_id,
            time_zone=latest_zone(places, self.clock.now()),
            marketplace_ids=marketplace_ids,
            packs_filters=bool(self.config.get(PACK_FILTERS)),
            has_order_report=not self._probes_order_report(credentials.region)
            or has_order_report(partner, credentials.region, marketplace_ids),
        )

    def _probes_order_report(self, region_name: str) -> bool:
        """Whether it has to be found out if Amazon makes the order report: only where it may not.

        Who asks for the report alone wants its failure, not something else instead.
        """
        source = self.config.get(ORDERS_SOURCE, AUTO)
        return (
            region_name in orders_source.REGIONS_WITHOUT_CERTAINTY
            and source == AUTO
            and self.settings.cadence in orders_bulk.WINDOWS.cadences
            and any(
                stream.name == orders_bulk.OrdersBulk.name and stream.selected
                for stream in self.streams.values()
            )
        )

    def _fresh_asins(self, account: Account) -> frozenset[str]:
        """ASINs that every selected stream of the catalog has landed lately enough."""
        fresh = [
            stream.fresh(account)
            for stream in self.streams.values()
            if isinstance(stream, catalog.CatalogStream) and stream.selected
        ]
        return frozenset.intersection(*fresh) if fresh else frozenset()

    @cached_property
    def _backends(self) -> dict[tuple[str, str], ReportBackend]:
        return {}

    @cached_property
    def _session(self) -> ReadOnlySession:
        return ReadOnlySession()

    @cached_property
    def _limits(self) -> RateLimits:
        return RateLimits(self.clock)

    @cached_property
    def _partners(self) -> dict[str, SellingPartner]:
        return {
            credentials.region: self._connect(credentials) for credentials in self.settings.accounts
        }

    def _partner(self, region_name: str) -> SellingPartner:
        return self._partners[region_name]

    def _connect(self, credentials: Credentials) -> SellingPartner:
        """Build the way to one region; nothing is sent before the first call."""
        partner = connect(self.settings, credentials, self._session, self._limits, self.clock)
        partner.personal_data = bool(self.config.get(PERSONAL_DATA))
        partner.fresh_asins = self._fresh_asins
        return partner


if __name__ == "__main__":
    TapAmazonSP.cli()
