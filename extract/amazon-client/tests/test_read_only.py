import pytest

from amazon_client import read_only
from amazon_client.errors import ReadOnlyViolation
from amazon_client.http import AmazonHttp
from amazon_client.operations import Operation
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import Answer, LocalServer

ALLOWED = [
    ("GET", "/sellers/v1/marketplaceParticipations"),
    ("get", "/orders/2026-01-01/orders"),
    ("GET", "/documents/x"),
    ("POST", "/auth/o2/token"),
    ("POST", "/reports/2021-06-30/reports"),
    ("POST", "/dataKiosk/2023-11-15/queries"),
    ("POST", "/sp/campaigns/list"),
    ("POST", "/sb/v4/ads/list"),
    ("POST", "/portfolios/list"),
    ("POST", "/assets/search"),
    ("POST", "/product/metadata"),
    ("POST", "/reporting/reports"),
    ("POST", "/campaigns/export"),
    ("POST", "/ads/eu/reporting/reports"),
    ("POST", "/sp/na/reports/2021-06-30/reports"),
]
FORBIDDEN = [
    ("POST", "/sp/campaigns"),
    ("PUT", "/sp/campaigns"),
    ("PATCH", "/listings/2021-08-01/items/A/B"),
    ("DELETE", "/reporting/reports/1"),
    ("DELETE", "/reports/2021-06-30/reports/1"),
    ("PUT", "/sp/campaigns/list"),
    ("DELETE", "/sp/campaigns/list"),
    ("HEAD", "/reports/2021-06-30/reports"),
    ("OPTIONS", "/reporting/reports"),
    ("", "/reporting/reports"),
    ("POST", "/reports/2021-06-30/schedules"),
    ("POST", "/reports/2021-06-30/reports/1"),
    ("POST", "/feeds/2021-06-30/feeds"),
    ("POST", "/reporting/reports/"),
    ("POST", "/sp/campaigns/list/"),
    ("POST", "/sp/campaigns/delete"),
    ("POST", "/sp/campaignslist"),
    ("POST", "/sp/research"),
    ("POST", "/sp/campaigns;/list"),
    ("POST", "/sp/campaigns%2Flist"),
    ("POST", "/sp/campaigns?x=/list"),
    ("POST", "/sp/campaigns#/list"),
    ("POST", "/adsApi/v1/create/reports"),
    ("POST", "/applications/2023-11-30/clientSecret"),
    ("POST", "/tokens/2021-03-01/restrictedDataToken"),
    ("POST", "/"),
]


@pytest.mark.parametrize(("method", "path"), ALLOWED)
def test_requests_that_only_read_are_allowed(method: str, path: str) -> None:
    read_only.check(method, "https://example.com" + path)


@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_anything_else_is_refused(method: str, path: str) -> None:
    with pytest.raises(ReadOnlyViolation):
        read_only.check(method, "https://example.com" + path)


@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_nothing_reaches_the_socket_from_a_session(
    server: LocalServer, session: ReadOnlySession, method: str, path: str
) -> None:
    with pytest.raises(ReadOnlyViolation):
        session.request(method or "TRACE", server.url + path, data=b"{}", timeout=5)
    assert server.connections == 0


def test_nothing_reaches_the_socket_from_a_call_not_even_a_sign_in(
    server: LocalServer, http: AmazonHttp
) -> None:
    writing = Operation("createCampaign", "POST", "/sp/campaigns", rate=1, burst=1)
    with pytest.raises(ReadOnlyViolation, match="POST /sp/campaigns"):
        http.call(writing, json={"name": "x"})
    assert server.connections == 0


def test_a_path_parameter_cannot_change_the_path(server: LocalServer, http: AmazonHttp) -> None:
    server.on("GET", "/reports/..%2F..%2Flistings%3Fa", Answer(body={}))
    get_report = Operation("getReport", "GET", "/reports/{reportId}", rate=2, burst=15)
    http.call(get_report, path_params={"reportId": "../../listings?a"})
    assert server.received[-1].path == "/reports/..%2F..%2Flistings%3Fa"


def test_a_redirect_to_a_write_is_stopped(server: LocalServer, session: ReadOnlySession) -> None:
    server.on("POST", "/sp/campaigns/list", Answer(307, headers={"Location": "/sp/campaigns"}))
    with pytest.raises(ReadOnlyViolation):
        session.post(server.url + "/sp/campaigns/list", timeout=5)
    assert server.requests("/sp/campaigns") == []


def test_a_session_keeps_no_cookies(server: LocalServer, session: ReadOnlySession) -> None:
    server.on("GET", "/a", Answer(headers={"Set-Cookie": "id=1"}))
    session.get(server.url + "/a", timeout=5)
    session.get(server.url + "/a", timeout=5)
    assert "Cookie" not in server.received[-1].headers


def test_a_netrc_file_does_not_replace_our_sign_in(
    server: LocalServer, http: AmazonHttp, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else")
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET", "/a", Answer(body={}))
    http.call(Operation("a", "GET", "/a", rate=1, burst=1))
    assert "Authorization" not in server.received[-1].headers
