"""A client of the simulated Ads API that asks as a tap would, and may ask wrongly."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.credentials import ADS_CLIENT, AMAZON_ADS, grant
from simulator.testing import Running, running
from simulator.world.ads.profiles import seller_profile

CONTRACTS = Path(__file__).parents[5] / "shared" / "contracts" / "ads-api"
SP_CAMPAIGNS = "application/vnd.spCampaign.v3+json"
SB_CAMPAIGNS = "application/vnd.sbcampaignresource.v4+json"
CREATE = "application/vnd.createasyncreportrequest.v3+json"
AD_PRODUCTS = {"sp": "SPONSORED_PRODUCTS", "sb": "SPONSORED_BRANDS", "sd": "SPONSORED_DISPLAY"}


@dataclass
class AdsApi:
    """One user's view of a running simulator; ``country`` picks the profile in scope."""

    sim: Running
    grant_name: str = "all"
    _token: str = ""
    _asked: float = float("-inf")

    def token(self) -> str:
        """An access token that is still good (in scaled time it does not live long)."""
        if time.monotonic() - self._asked > 0.4:
            self._token, self._asked = self.fresh_token(), time.monotonic()
        return self._token

    def fresh_token(self) -> str:
        """A new access token."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": grant(AMAZON_ADS, self.grant_name).refresh_token,
            "client_id": ADS_CLIENT.client_id,
            "client_secret": ADS_CLIENT.client_secret,
        }
        return requests.post(self.sim.auth_url, data=form, timeout=10).json()["access_token"]

    def call(
        self,
        method: str,
        path: str,
        country: str | None = "US",
        region: str | None = None,
        headers: dict[str, str | None] | None = None,
        **arguments: Any,
    ) -> requests.Response:
        """One call; ``headers`` override the right ones, None leaves one out."""
        profile = seller_profile(country) if country else None
        region = region or (profile.market.region if profile else "na")
        sent = {
            "Authorization": f"Bearer {self.token()}",
            "Amazon-Advertising-API-ClientId": ADS_CLIENT.client_id,
            "Amazon-Advertising-API-Scope": profile.profile_id if profile else None,
            **(headers or {}),
        }
        given = {name: value for name, value in sent.items() if value is not None}
        url = self.sim.ads_url.format(region=region) + path
        return requests.request(method, url, headers=given, timeout=30, **arguments)

    def listed(
        self, path: str, media: str, body: dict[str, Any], country: str = "US", **headers: str
    ) -> requests.Response:
        """One page of an SP or SB list."""
        types = {"Content-Type": media, "Accept": media}
        return self.call("POST", path, country, headers=types | headers, data=json.dumps(body))

    def sp_campaigns(self, country: str = "US", **body: Any) -> requests.Response:
        """One page of Sponsored Products campaigns."""
        return self.listed("/sp/campaigns/list", SP_CAMPAIGNS, body, country)

    def sb_campaigns(self, country: str = "US", **body: Any) -> requests.Response:
        """One page of Sponsored Brands campaigns."""
        return self.listed("/sb/v4/campaigns/list", SB_CAMPAIGNS, body, country)

    def sd_campaigns(self, country: str = "US", **query: Any) -> requests.Response:
        """One page of Sponsored Display campaigns."""
        return self.call("GET", "/sd/campaigns", country, params=query)

    def create(
        self, body: dict[str, Any], country: str = "US", media: str = CREATE
    ) -> requests.Response:
        """Ask for a report."""
        headers: dict[str, str | None] = {"Content-Type": media}
        return self.call(
            "POST", "/reporting/reports", country, headers=headers, data=json.dumps(body)
        )

    def poll(self, report_id: str, country: str = "US") -> dict[str, Any]:
        """How a report is doing."""
        return self.call("GET", f"/reporting/reports/{report_id}", country).json()

    def finished(self, report_id: str, country: str = "US") -> dict[str, Any]:
        """A report once it is neither pending nor processing."""
        for _ in range(600):
            told = self.poll(report_id, country)
            if told["status"] not in {"PENDING", "PROCESSING", "AWAITING_CAPACITY"}:
                return told
            time.sleep(0.01)
        raise AssertionError(f"report {report_id} did not end")

    def export(
        self, kind: str, country: str = "US", **body: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is said of an export when it is asked for, and when it has ended."""
        media = f"application/vnd.{kind.lower()}export.v1+json"
        created = self.listed(f"/{kind}/export", media, body, country)
        assert created.status_code == 202, created.text
        for _ in range(600):
            path = f"/exports/{created.json()['exportId']}"
            told = self.call("GET", path, country, headers={"Accept": media}).json()
            if told["status"] not in {"PROCESSING", "IN_PROGRESS"}:
                return created.json(), told
            time.sleep(0.01)
        raise AssertionError(f"export of {kind} did not end")

    def exported(self, kind: str, country: str = "US", **body: Any) -> list[dict[str, Any]]:
        """The rows of an export."""
        told = self.export(kind, country, **body)[1]
        return json.loads(gzip.decompress(requests.get(told["url"], timeout=30).content))

    @staticmethod
    def body(
        report_type: str, columns: str, start: date, end: date, **configuration: Any
    ) -> dict[str, Any]:
        """A report request; ``configuration`` overrides or (None) leaves out."""
        settings = {
            "adProduct": AD_PRODUCTS.get(report_type[:2]),
            "groupBy": ["campaign"],
            "columns": columns.split(),
            "reportTypeId": report_type,
            "timeUnit": "DAILY",
            "format": "GZIP_JSON",
            **configuration,
        }
        return {
            "startDate": start.isoformat(),
            "endDate": end.isoformat(),
            "configuration": {name: value for name, value in settings.items() if value is not None},
        }

    def today(self, country: str = "US") -> date:
        """The day of the country's profile, as the world knows it."""
        profile = seller_profile(country)
        assert profile
        return profile.day_of(self.sim.world.now)

    def rows(self, body: dict[str, Any], country: str = "US") -> list[dict[str, Any]]:
        """A whole report; numbers with a point are exact decimals."""
        created = self.create(body, country)
        assert created.status_code == 200, created.text
        told = self.finished(created.json()["reportId"], country)
        assert told["status"] == "COMPLETED", told
        content = requests.get(told["url"], timeout=30).content
        return json.loads(gzip.decompress(content), parse_float=Decimal)


@pytest.fixture(scope="session")
def api() -> Iterator[AdsApi]:
    """A simulator that nobody changes; a report takes 60 to 180 scaled seconds (10 to 30 ms)."""
    with running(time_scale=6000) as sim:
        yield AdsApi(sim)


@pytest.fixture
def own() -> Iterator[Callable[..., AdsApi]]:
    """Starts simulators of the test's own, to be moved in time or made to fail."""
    started: list[AbstractContextManager[Running]] = []

    def start(time_scale: float = 6000, **options: Any) -> AdsApi:
        context = running(time_scale=time_scale, **options)
        started.append(context)
        return AdsApi(context.__enter__())

    yield start
    for context in started:
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def contract() -> Callable[[str], Path]:
    """Finds a file of Amazon's contracts; skips the test where the folder is absent."""

    def find(name: str) -> Path:
        path = CONTRACTS / name
        if not path.exists():
            pytest.skip(f"Amazon's contracts are not beside this project: {path} is absent")
        return path

    return find


@pytest.fixture(scope="session")
def facts(contract: Callable[[str], Path]) -> Callable[[str], Any]:
    """Reads a table of facts about the Ads API."""
    return lambda name: json.loads(contract(f"facts/{name}.json").read_text())
