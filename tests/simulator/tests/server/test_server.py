"""The running server: faults of the transport, control, scaled time, and the command."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.credentials import SP_CLIENT, sp_refresh_token
from simulator.testing import NOW, Running, running

PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(time_scale=600) as server:
        yield server


@pytest.fixture
def sim(server: Running) -> Iterator[Running]:
    yield server
    server.faults.clear()
    server.calls.reset()
    server.simulation.limits.refill()


def headers(sim: Running) -> dict[str, str]:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": sp_refresh_token("na"),
        "client_id": SP_CLIENT.client_id,
        "client_secret": SP_CLIENT.client_secret,
    }
    token = requests.post(sim.auth_url, data=form, timeout=10).json()["access_token"]
    return {"x-amz-access-token": token, "user-agent": "Test/1"}


def get(sim: Running, path: str = PARTICIPATIONS, **options: Any) -> requests.Response:
    url = sim.sp_url.format(region="na") + path
    return requests.get(url, headers=headers(sim), timeout=options.pop("timeout", 10), **options)


def document_url(sim: Running) -> str:
    base, ours = sim.sp_url.format(region="na") + "/reports/2021-06-30", headers(sim)
    body = {
        "reportType": "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
        "marketplaceIds": ["ATVPDKIKX0DER"],
        "dataStartTime": "2026-11-01T00:00:00Z",
    }
    created = requests.post(f"{base}/reports", json=body, headers=ours, timeout=10).json()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        time.sleep(0.05)
        report = requests.get(f"{base}/reports/{created['reportId']}", headers=ours, timeout=10)
        if document := report.json().get("reportDocumentId"):
            located = requests.get(f"{base}/documents/{document}", headers=ours, timeout=10)
            return located.json()["url"]
    raise AssertionError("the report did not end")


def test_a_status_comes_at_the_nth_call_and_goes_again(sim: Running) -> None:
    sim.faults.add("getMarketplaceParticipations", "status", status=500, nth=2, times=2)
    assert [get(sim).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert sim.calls.summary()["getMarketplaceParticipations"]["by_status"] == {"200": 2, "500": 2}


def test_a_status_can_come_without_headers_or_json(sim: Running) -> None:
    sim.faults.add("getMarketplaceParticipations", "status", status=503, body="html")
    html = get(sim)
    assert html.headers["Content-Type"].startswith("text/html")
    sim.faults.add(
        "getMarketplaceParticipations", "status", status=502, body="empty", headers=False
    )
    empty = get(sim)
    assert (empty.status_code, empty.content) == (502, b"")
    assert "x-amzn-RequestId" not in empty.headers
    sim.faults.add("getMarketplaceParticipations", "status", status=429, retry_after=7)
    throttled = get(sim)
    assert throttled.headers["Retry-After"] == "7"
    assert throttled.json()["errors"][0]["code"] == "QuotaExceeded"


def test_a_body_can_be_html_empty_or_cut(sim: Running) -> None:
    for kind in ("html", "empty", "truncated_json"):
        sim.faults.add("getMarketplaceParticipations", kind)
        answer = get(sim)
        assert answer.status_code == 200
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()
    assert get(sim).json()["payload"]


def test_a_connection_can_be_dropped_before_or_after_the_work_is_done(sim: Running) -> None:
    sim.faults.add("createReport", "dropped", late=False)
    sim.faults.add("createReport", "dropped", nth=2, late=True)
    url = sim.sp_url.format(region="na") + "/reports/2021-06-30/reports"
    kind = "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
    ours, known = headers(sim), []
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            requests.post(
                url,
                json={"reportType": kind, "marketplaceIds": ["ATVPDKIKX0DER"]},
                headers=ours,
                timeout=10,
            )
        listed = requests.get(url, params={"reportTypes": kind}, headers=ours, timeout=10)
        known.append(len(listed.json()["reports"]))
    assert known[1] == known[0] + 1


def test_an_answer_can_be_slow(sim: Running) -> None:
    sim.faults.add("getMarketplaceParticipations", "slow", seconds=1)
    with pytest.raises(requests.Timeout):
        get(sim, timeout=0.2)


def test_a_token_can_be_refused_as_expired_before_its_time(sim: Running) -> None:
    sim.faults.add("getMarketplaceParticipations", "token_expired")
    refused = get(sim)
    assert refused.status_code == 403
    assert "expired" in refused.json()["errors"][0]["details"]
    assert get(sim).status_code == 200


def test_a_download_can_be_cut_broken_expired_or_refused(sim: Running) -> None:
    url = document_url(sim)
    whole = requests.get(url, timeout=10).content
    assert gzip.decompress(whole).endswith(b"</AmazonEnvelope>\n")
    sim.faults.add("download", "cut_gzip")
    cut = requests.get(url, timeout=10)
    assert int(cut.headers["Content-Length"]) == len(cut.content) < len(whole)
    with pytest.raises((EOFError, zlib.error)):
        gzip.decompress(cut.content)
    sim.faults.add("download", "cut_body")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _ = requests.get(url, timeout=10).content
    sim.faults.add("download", "expired_url")
    expired = requests.get(url, timeout=10)
    assert (expired.status_code, "expired" in expired.text) == (403, True)
    sim.faults.add("download", "status", status=500)
    assert requests.get(url, timeout=10).status_code == 500
    assert requests.get(url, timeout=10).content == whole


def test_faults_calls_and_time_are_controlled_over_http(sim: Running) -> None:
    control = f"{sim.url}/_simulator"
    requests.post(
        f"{control}/faults",
        json={"operation": "getMarketplaceParticipations", "fault": "status", "status": 500},
        timeout=10,
    )
    assert get(sim).status_code == 500
    requests.post(
        f"{control}/faults",
        json={"operation": "getMarketplaceParticipations", "fault": "html"},
        timeout=10,
    )
    requests.delete(f"{control}/faults", timeout=10)
    assert get(sim).status_code == 200
    calls = requests.get(f"{control}/calls", timeout=10).json()
    assert calls["getMarketplaceParticipations"]["calls"] == 2
    for wrong in ({"operation": "x", "fault": "meteor"}, {"fault": "html"}, {"fualt": "html"}):
        assert requests.post(f"{control}/faults", json=wrong, timeout=10).status_code == 400
    later = (NOW + timedelta(days=3)).isoformat()
    health = requests.post(f"{control}/now", json={"now": later}, timeout=10).json()
    assert health["now"] == later
    assert sim.world.now == NOW + timedelta(days=3)
    assert (
        requests.post(f"{control}/now", json={"now": "2026-11-24"}, timeout=10).status_code == 400
    )
    sim.set_now(NOW)


def test_tokens_can_be_expired_on_purpose(sim: Running) -> None:
    ours = headers(sim)
    url = sim.sp_url.format(region="na") + PARTICIPATIONS
    assert requests.get(url, headers=ours, timeout=10).status_code == 200
    requests.post(f"{sim.url}/_simulator/tokens/expire", timeout=10)
    assert requests.get(url, headers=ours, timeout=10).status_code == 403


def test_a_scaled_token_says_how_long_it_really_lives(sim: Running) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": sp_refresh_token("na"),
        "client_id": SP_CLIENT.client_id,
        "client_secret": SP_CLIENT.client_secret,
    }
    assert requests.post(sim.auth_url, data=form, timeout=10).json()["expires_in"] in (5, 6)


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = [sys.executable, "-m", "simulator.cli", "serve", "--ready-file", str(ready)]
    process = subprocess.Popen(
        [*command, "--now", "2026-11-24T18:00:00Z"], stdout=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + 20
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        url = ready.read_text(encoding="utf-8").strip()
        health = requests.get(f"{url}/_simulator/health", timeout=10).json()
        assert health == {
            "seed": 7,
            "size": "small",
            "now": "2026-11-24T18:00:00+00:00",
            "time_scale": 1.0,
        }
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert not ready.exists()
        assert process.stdout is not None
        assert process.stdout.read().strip() == url
    finally:
        process.kill()
        process.wait()


def test_the_command_prints_the_truth_of_the_same_world() -> None:
    command = [sys.executable, "-m", "simulator.cli", "truth", "--format", "json"]
    printed = subprocess.run(
        [*command, "--now", "2026-11-24T18:00:00Z"], capture_output=True, text=True, check=True
    )
    truth = json.loads(printed.stdout)
    assert set(truth) >= {"orders", "sales_traffic", "inventory", "multi_channel", "shop", "ads"}
    assert all(truth.values())
    assert sum(row["orders"] for row in truth["orders"]) > 1000
