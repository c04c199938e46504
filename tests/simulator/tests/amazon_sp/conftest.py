"""A client of the simulated Selling Partner API on a clock that only the test moves."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from simulator.credentials import AMAZON_SP, SP_CLIENT, grant
from simulator.server import create_app
from simulator.simulation import Simulation
from simulator.testing import NOW
from simulator.world import World, build

CONTRACTS = Path(__file__).parents[5] / "shared" / "contracts" / "sp-api"
DATASETS = "PROCEEDS,PROMOTION,CANCELLATION,FULFILLMENT,EXPENSE"
A_MARKETPLACE = {"na": "ATVPDKIKX0DER", "eu": "A1F83G8C2ARO7P", "fe": "A1VC38T7YXB528"}
BULK = "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"


@dataclass
class Time:
    """A monotonic clock in seconds."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class SpApi:
    """One seller's view of the API; ``name`` is a grant's (a region, unless a test says so)."""

    simulation: Simulation
    client: FlaskClient
    time: Time
    name: str = "na"
    region: str = "na"
    tokens: dict[str, str] = field(default_factory=dict)

    def of(self, name: str, region: str | None = None) -> SpApi:
        """The same API with another grant, in the grant's region or a wrong one."""
        return SpApi(self.simulation, self.client, self.time, name, region or name, self.tokens)

    @property
    def token(self) -> str:
        """An access token, kept until the test drops it."""
        if self.name not in self.tokens:
            self.tokens[self.name] = self.login().json["access_token"]
        return self.tokens[self.name]

    def login(self, **changes: str) -> Any:
        """A token request; ``changes`` replace what a right one says."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": grant(AMAZON_SP, self.name).refresh_token,
            "client_id": SP_CLIENT.client_id,
            "client_secret": SP_CLIENT.client_secret,
        }
        return self.client.post("/auth/o2/token", data=form | changes)

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        """A GET with the right headers, or those given."""
        return self.client.get(
            f"/sp/{self.region}{path}", query_string=query, headers=headers or self.headers
        )

    def post(self, path: str, body: object) -> Any:
        """A POST of JSON."""
        return self.client.post(f"/sp/{self.region}{path}", json=body, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """What every call must carry."""
        return {"x-amz-access-token": self.token, "user-agent": "Test/1 (Language=Python)"}

    def search_orders(self, **query: Any) -> list[dict[str, Any]]:
        """All orders of a search, over all pages."""
        query = {"includedData": DATASETS} | query
        found, token = [], None
        while True:
            self.simulation.limits.refill()
            page: dict[str, str] = {} if token is None else {"paginationToken": token}
            answer = self.get("/orders/2026-01-01/orders", **query, **page)
            assert answer.status_code == 200, answer.text
            found += answer.json["orders"]
            token = answer.json.get("pagination", {}).get("nextToken")
            if not token:
                return found

    def create_report(self, **body: Any) -> Any:
        """A request of the all-orders report."""
        body = {"reportType": BULK, "marketplaceIds": ["ATVPDKIKX0DER"]} | body
        return self.post("/reports/2021-06-30/reports", body)

    def report(self, report_id: str) -> dict[str, Any]:
        """How a report stands."""
        answer = self.get(f"/reports/2021-06-30/reports/{report_id}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def bulk_orders(self, start: str, end: str) -> list[ElementTree.Element]:
        """The orders of the region's all-orders report."""
        return ElementTree.fromstring(self.bulk_document(start, end)).findall("Message/Order")

    def bulk_document(self, start: str, end: str) -> bytes:
        """An all-orders report, waited for and downloaded."""
        created = self.create_report(
            marketplaceIds=[A_MARKETPLACE[self.region]], dataStartTime=start, dataEndTime=end
        )
        assert created.status_code == 202, created.text
        self.time.seconds += 60
        report = self.report(created.json["reportId"])
        assert report["processingStatus"] == "DONE"
        return self.document(report["reportDocumentId"])

    def document(self, document_id: str) -> bytes:
        """A report's unpacked document."""
        located = self.get(f"/reports/2021-06-30/documents/{document_id}")
        assert located.status_code == 200, located.text
        assert located.json["compressionAlgorithm"] == "GZIP"
        return gzip.decompress(self.client.get(located.json["url"]).data)

    def query(self, text: str) -> Any:
        """A Data Kiosk query."""
        return self.post("/dataKiosk/2023-11-15/queries", {"query": text})

    def rows(self, text: str) -> list[dict[str, Any]]:
        """The rows of a Data Kiosk query, waited for and downloaded."""
        created = self.query(text)
        assert created.status_code == 202, created.text
        self.time.seconds += 60
        state = self.get(f"/dataKiosk/2023-11-15/queries/{created.json['queryId']}").json
        assert state["processingStatus"] == "DONE"
        if "dataDocumentId" not in state:
            return []
        return self.kiosk_document(state["dataDocumentId"])

    def kiosk_document(self, document_id: str) -> list[dict[str, Any]]:
        """The lines of a query's document."""
        located = self.get(f"/dataKiosk/2023-11-15/documents/{document_id}").json
        content = gzip.decompress(self.client.get(located["documentUrl"]).data)
        return [json.loads(line) for line in content.splitlines()]


@pytest.fixture(scope="session")
def world() -> World:
    return build(7, "small", NOW)


@pytest.fixture
def api(world: World) -> Iterator[SpApi]:
    time = Time()
    simulation = Simulation(world, time_scale=1.0, monotonic=time)
    with create_app(simulation).test_client() as client:
        yield SpApi(simulation, client, time)
