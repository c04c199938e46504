"""Login with Amazon: both grants, and every refusal told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator import consent
from simulator.credentials import (
    ADS_CLIENT,
    AMAZON_SP,
    SP_APPLICATION_ID,
    SP_CLIENT,
    grant,
    sp_refresh_token,
)
from simulator.server import create_app
from simulator.simulation import Simulation
from simulator.testing import NOW
from simulator.world import build

FORM = {
    "grant_type": "refresh_token",
    "refresh_token": sp_refresh_token("na"),
    "client_id": SP_CLIENT.client_id,
    "client_secret": SP_CLIENT.client_secret,
}


class Time:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return Simulation(build(7, "small", NOW), monotonic=Time())


@pytest.fixture
def client(simulation: Simulation) -> Iterator[FlaskClient]:
    simulation.faults.clear()
    with create_app(simulation).test_client() as client:
        yield client


def ask(client: FlaskClient, **changes: str | None) -> Any:
    form = {name: value for name, value in (FORM | changes).items() if value is not None}
    return client.post("/auth/o2/token", data=form)


def test_a_refresh_token_gives_an_access_token_for_an_hour(client: FlaskClient) -> None:
    answer = ask(client)
    assert answer.status_code == 200
    assert answer.json["token_type"] == "bearer"
    assert answer.json["expires_in"] == 3600
    assert answer.json["access_token"].startswith("Atza|")
    assert answer.json["refresh_token"] == FORM["refresh_token"]
    assert answer.headers["x-amzn-RequestId"]


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"refresh_token": "Atzr|unknown"}, 400, "invalid_grant"),
        ({"refresh_token": grant(AMAZON_SP, "na-revoked").refresh_token}, 400, "invalid_grant"),
        (
            {"client_id": ADS_CLIENT.client_id, "client_secret": ADS_CLIENT.client_secret},
            400,
            "unauthorized_client",
        ),
        ({"refresh_token": None}, 400, "invalid_request"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "ANmade-up"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_request_is_refused_in_oauths_words(
    client: FlaskClient, changes: dict[str, str | None], status: int, error: str
) -> None:
    answer = ask(client, **changes)
    assert answer.status_code == status
    assert answer.json["error"] == error
    assert answer.json["error_description"]


def test_json_is_no_form(client: FlaskClient) -> None:
    answer: Any = client.post("/auth/o2/token", json=FORM)
    assert answer.json["error"] == "invalid_request"


def code(client: FlaskClient, **details: str) -> str:
    wanted = {"api": AMAZON_SP, "name": "eu"} | details
    answer: Any = client.post("/_simulator/authorise", json=wanted)
    return answer.json["code"]


def redeem(client: FlaskClient, code: str, **more: str) -> Any:
    return ask(client, grant_type="authorization_code", refresh_token=None, code=code, **more)


def test_an_authorisation_code_is_good_once(client: FlaskClient) -> None:
    granted = code(client)
    first, second = redeem(client, granted), redeem(client, granted)
    assert first.json["refresh_token"] == sp_refresh_token("eu")
    assert second.json["error"] == "invalid_grant"
    assert ": code" in second.json["error_description"]


def test_an_authorisation_code_dies_after_five_minutes(
    client: FlaskClient, simulation: Simulation
) -> None:
    granted = code(client)
    simulation.clock._monotonic.seconds += 301  # type: ignore[attr-defined]
    assert redeem(client, granted).json["error"] == "invalid_grant"


def test_an_authorisation_code_belongs_to_its_redirect_uri(client: FlaskClient) -> None:
    home = "http://127.0.0.1:8976/callback"
    assert redeem(client, code(client, redirect_uri=home)).json["error"] == "invalid_grant"
    good = redeem(client, code(client, redirect_uri=home), redirect_uri=home)
    assert good.status_code == 200


SELLER_CENTRAL = "/sellercentral/na/apps/authorize/consent"
ADVERTISING = "/ap/oa"
OF_APPLICATION = {
    SELLER_CENTRAL: {"application_id": SP_APPLICATION_ID},
    ADVERTISING: {"client_id": ADS_CLIENT.client_id, "scope": consent.SCOPE},
}
"""How each consent page is told who asks, and for what."""
WAY_BACK = {"redirect_uri": "http://127.0.0.1:1/back", "state": "s&1"}


@pytest.mark.parametrize("page", OF_APPLICATION)
def test_a_consent_page_knows_no_other_application(client: FlaskClient, page: str) -> None:
    somebody = dict.fromkeys(OF_APPLICATION[page], "somebody")
    assert client.get(page, query_string=WAY_BACK | somebody).status_code == 400


@pytest.mark.parametrize(
    ("page", "parameter"), [(SELLER_CENTRAL, "spapi_oauth_code"), (ADVERTISING, "code")]
)
def test_a_consent_page_sends_the_seller_back_with_state_and_code(
    client: FlaskClient, page: str, parameter: str
) -> None:
    answer = client.get(page, query_string=WAY_BACK | OF_APPLICATION[page])
    assert answer.status_code == 302
    assert answer.location.startswith("http://127.0.0.1:1/back?")
    assert f"{parameter}=AN" in answer.location
    assert "state=s%261" in answer.location


def test_the_token_endpoint_can_fail_like_any_operation(client: FlaskClient) -> None:
    client.post(
        "/_simulator/faults",
        json={"operation": "lwa.token", "fault": "status", "status": 503, "body": "html"},
    )
    assert [ask(client).status_code for _ in range(2)] == [503, 200]
