"""The tap: which profiles and streams it reads, and how each is reached."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from amazon_client import marketplaces
from amazon_client.errors import AmazonError, ConfigurationError
from amazon_client.extraction import Account, Dataset, ReportBackend
from amazon_client.singer import AmazonTap, common_settings
from amazon_client.singer.schema import stamp
from tap_amazon_ads import about
from tap_amazon_ads.client import AdsProfile, AdsRegions
from tap_amazon_ads.entities import EntityBackend, EntityLists
from tap_amazon_ads.exports import EntityExports, Exporter, WhicheverIsFaster
from tap_amazon_ads.profiles import (
    Profile,
    ProfileList,
    Selection,
    Wanted,
    nothing_found,
    select_profiles,
)
from tap_amazon_ads.reporting import ReportingV3
from tap_amazon_ads.settings import SETTINGS
from tap_amazon_ads.sources import Sources
from tap_amazon_ads.streams import STREAMS, ProductMetadata, Profiles


class TapAmazonAds(AmazonTap):
    """Reads the advertising of a store: profiles, campaigns and daily reports."""

    name = "tap-amazon-ads"
    api = "amazon_ads"
    account_column = "profile_id"
    account_columns = (
        stamp("currency_code", description="Currency of all money in the row"),
        stamp("country_code"),
        stamp("time_zone", description="Zone of the profile, whose days the dates are"),
        stamp("marketplace_id"),
    )
    stream_types = STREAMS
    # Amazon promises reports within three hours. What is late is left to a next run that comes
    # within four, the age up to which a plan is gone on with.
    deadline_minutes = 230
    config_jsonschema = common_settings(SETTINGS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the tap; asks nothing of Amazon, since discovery does this too."""
        self.selection = Selection(())
        """The verdict on every profile seen; empty before `load_accounts`."""
        self.reached: list[str] = []
        """The configured regions whose list of profiles was read."""
        self._entities: dict[str, EntityBackend] = {}
        self._making = threading.Lock()
        super().__init__(*args, **kwargs)

    @classmethod
    def print_about(cls, output_format: str | None = None) -> None:
        """Print what `--about` asks for: the settings, as every tap does, and the streams."""
        told = io.StringIO()
        with redirect_stdout(told):
            super().print_about(output_format)
        print(about.with_streams(told.getvalue(), STREAMS, output_format))

    def load_accounts(self) -> Iterable[Account]:
        """The selected profiles of all configured regions.

        That there is none, or not one that the settings name, is recorded as a failure.
        """
        seen: list[Profile] = []
        for api in self.ads.configured.values():
            with self.collecting(Profiles.name, api.region):
                listed = api.list_profiles()
                self.reached.append(api.region)
                seen += listed
                if not listed:
                    self.logger.warning("Region %s lists no profile for its login", api.region)
        with self.collecting(Profiles.name, ", ".join(self.reached)):
            self.select(seen)
        return [self.account_of(profile) for profile in self.selection.profiles]

    def accounts_for(self, dataset: Dataset) -> Sequence[Account]:
        """Every profile; the list of profiles itself belongs to the region."""
        profiles = self.accounts
        if dataset is ProductMetadata.dataset and not self.config.get("product_metadata"):
            return []
        if dataset is not Profiles.dataset:
            return profiles
        return [Account(self.settings.store_id, region) for region in self.reached]

    def backend(self, name: str, account: Account) -> ReportBackend:
        """The reporting API of the account's region."""
        return self.reporting[account.region]

    def client(self, account: Account) -> Sources | ProfileList:
        """What a profile's streams are read from, or the list of a region's profiles."""
        if not account.account_id:
            return ProfileList(self.selection, account.region)
        api = self.profile(account.account_id)
        return Sources(self.entities(account.account_id), api, self.clock)

    def entities(self, profile_id: str) -> EntityBackend:
        """How a profile's entities are read; always the same object for a profile."""
        with self._making:
            if profile_id not in self._entities:
                self._entities[profile_id] = self._entity_backend(self.profile(profile_id))
            return self._entities[profile_id]

    def _entity_backend(self, api: AdsProfile) -> EntityBackend:
        extended = bool(self.config.get("include_extended_data"))
        lists = EntityLists(api, extended=extended)
        source = self.config.get("entity_source") or "auto"
        # Exports know no serving status.
        if source == "lists" or extended:
            return lists
        exports = EntityExports(lists, api, self.exporters[api.profile.region])
        if source == "exports":
            return exports
        return WhicheverIsFaster(lists, exports, int(self.config["export_threshold"]))

    @cached_property
    def ads(self) -> AdsRegions:
        """The Ads API, region by region."""
        return AdsRegions(self.settings, self.clock, float(self.config["time_scale"]))

    @cached_property
    def reporting(self) -> dict[str, ReportingV3]:
        """The report backend of each region: its profiles share its limits."""
        patience = timedelta(minutes=float(self.config["report_soft_deadline_minutes"]))
        return {
            region: ReportingV3(api, self.profile, self.clock, patience=patience)
            for region, api in self.ads.configured.items()
        }

    @cached_property
    def exporters(self) -> dict[str, Exporter]:
        """What makes exports, region by region."""
        return {
            region: Exporter(
                self.clock,
                self.ads.session,
                Path(self._folder.name),
                poll_seconds=self.settings.poll_seconds,
                deadline_seconds=self.settings.deadline_seconds,
            )
            for region in self.ads.configured
        }

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """Where exports are kept until the run ends."""
        return tempfile.TemporaryDirectory(prefix="exports-", dir=self.settings.work_dir)

    def close(self) -> None:
        """End what is under way in the background and remove the work files."""
        super().close()
        if "_folder" in self.__dict__:
            self._folder.cleanup()

    def select(self, seen: Sequence[Profile]) -> None:
        """Choose among the profiles seen.

        Raises:
            NoAdvertisingProfile: there is none to read, or one that the settings name is missing.
            ConfigurationError: the settings do not tell which of several to read.
        """
        wanted = self.wanted_profiles()
        self.selection = select_profiles(seen, wanted)
        for choice in self.selection.choices:
            verdict = "read" if choice.is_selected else "left out"
            self.logger.info("Profile %s is %s: %s", choice.profile, verdict, choice.reason)
        lacking = self.selection.missing or not self.selection.profiles
        # Where a region's list failed what is lacking may be there, and the failure is known.
        if lacking and len(self.reached) == len(self.ads.configured):
            elsewhere = dict(self.look_elsewhere())
            raise nothing_found(self.selection, wanted, self.reached, elsewhere)

    def look_elsewhere(self) -> Iterator[tuple[str, list[Profile]]]:
        """Yield what the regions that are not configured list for the same login."""
        for api in self.ads.others():
            try:
                yield api.region, api.list_profiles()
            except AmazonError as error:
                self.logger.info("Region %s could not be looked at: %s", api.region, error.facts)

    def wanted_profiles(self) -> Wanted:
        """What the settings ask for."""
        credentials = self.settings.accounts
        ids = list(self.config.get("profile_ids") or [])
        for entry in credentials:
            ids += entry.extra.get("profile_ids") or []
        primary = self.config.get("primary_marketplace") or None
        place = primary and (marketplaces.by_id(primary) or marketplaces.by_country(primary))
        if primary and not place:
            raise ConfigurationError(
                f"primary_marketplace {primary!r} is no marketplace id and no country code",
                remedy="Use an id such as ATVPDKIKX0DER or a country code such as UK.",
            )
        return Wanted(
            profile_ids=tuple(dict.fromkeys(str(profile_id) for profile_id in ids)),
            marketplace_id=place.marketplace_id if place else None,
            country_code=place.country_code if place else None,
            seller_ids=tuple(e.selling_partner_id for e in credentials if e.selling_partner_id),
        )

    def account_of(self, profile: Profile) -> Account:
        """A profile as extraction sees it."""
        return Account(
            store_id=self.settings.store_id,
            region=profile.region,
            account_id=profile.profile_id,
            time_zone=profile.time_zone,
            attributes={
                "currency_code": profile.currency_code,
                "country_code": profile.country_code,
                "time_zone": profile.time_zone,
                "marketplace_id": profile.marketplace_id,
            },
        )

    def profile(self, profile_id: str) -> AdsProfile:
        """The way to a selected profile."""
        profile = next(p for p in self.selection.profiles if p.profile_id == profile_id)
        return self.ads.configured[profile.region].profile(profile)


if __name__ == "__main__":
    TapAmazonAds.cli()
