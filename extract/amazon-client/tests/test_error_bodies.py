import pytest
import requests

from amazon_client.error_bodies import MAX_TEXT, ErrorBody, parse_error
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import Answer, LocalServer

HTML_429 = (
    "<html><head><title>429 Too Many Requests</title><style>b {}</style></head>"
    "<body><center><h1>429 Too Many Requests</h1></center><script>x()</script></body></html>"
)
S3_EXPIRED = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'
    "<Message>Request has expired</Message><AWSAccessKeyId>AKIACANARY</AWSAccessKeyId>"
    "<RequestId>S3ID</RequestId></Error>"
)


@pytest.fixture
def parse(server: LocalServer, session: ReadOnlySession):
    def answer_and_parse(status: int, body: object, **headers: str) -> ErrorBody:
        server.on("GET", "/failing", Answer(status, body, headers))
        response: requests.Response = session.get(server.url + "/failing")
        return parse_error(response)

    return answer_and_parse


@pytest.mark.parametrize(
    ("status", "body", "code", "message", "details", "request_id"),
    [
        pytest.param(
            429,
            {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota."}]},
            *("QuotaExceeded", "You exceeded your quota.", None, None),
            id="selling partner api",
        ),
        pytest.param(
            403,
            {
                "errors": [
                    {
                        "code": "Unauthorized",
                        "message": "Access to requested resource is denied.",
                        "details": "The access token you provided has expired.",
                    }
                ]
            },
            "Unauthorized",
            "Access to requested resource is denied.",
            "The access token you provided has expired.",
            None,
            id="selling partner api with details",
        ),
        pytest.param(
            400,
            {
                "errors": [
                    {"code": "InvalidInput", "message": "a is wrong"},
                    {"code": "InvalidInput", "message": "b is wrong"},
                    {"code": "InvalidInput", "message": "a is wrong"},
                ]
            },
            *("InvalidInput", "a is wrong; b is wrong", None, None),
            id="several errors, each told once",
        ),
        pytest.param(
            400,
            {"errors": [{"code": "InvalidInput", "message": "", "details": ""}]},
            *("InvalidInput", "Bad Request", None, None),
            id="a code and empty text",
        ),
        pytest.param(
            429,
            {"code": "THROTTLED", "message": "Too fast"},
            *("THROTTLED", "Too fast", None, None),
            id="sponsored products and brands",
        ),
        pytest.param(
            401,
            {"code": "401", "details": "Authentication failed", "requestId": "K144"},
            *("401", "Authentication failed", None, "K144"),
            id="sponsored display and classic",
        ),
        pytest.param(
            425,
            {"code": "425", "detail": "The Request is a duplicate of : 4545ce53"},
            *("425", "The Request is a duplicate of : 4545ce53", None, None),
            id="ads reporting",
        ),
        pytest.param(
            400,
            {
                "error": [
                    {"index": 0, "errors": [{"code": "ACCESS_DENIED", "message": "no manager"}]}
                ],
                "success": [],
            },
            *("ACCESS_DENIED", "no manager", None, None),
            id="ads v1, per item",
        ),
        pytest.param(
            400,
            [{"code": "INVALID_ARGUMENT", "description": "?", "message": "bad"}],
            *("INVALID_ARGUMENT", "bad", None, None),
            id="a bare list",
        ),
        pytest.param(
            400,
            {"error": "invalid_grant", "error_description": "revoked", "request_id": "R1"},
            *("invalid_grant", "revoked", None, "R1"),
            id="login with amazon",
        ),
        pytest.param(
            400,
            {"message": "The provided query is invalid.", "details": {"line": 1}},
            *(None, "The provided query is invalid.", '{"line":1}', None),
            id="details that are an object",
        ),
        pytest.param(
            429,
            HTML_429,
            *(None, "429 Too Many Requests 429 Too Many Requests", None, None),
            id="html",
        ),
        pytest.param(
            403,
            S3_EXPIRED,
            *("AccessDenied", "Request has expired", None, "S3ID"),
            id="s3",
        ),
        pytest.param(503, b"", None, "Service Unavailable", None, None, id="empty"),
        pytest.param(503, b"  \n", None, "Service Unavailable", None, None, id="blank"),
        pytest.param(502, "<p></p>", None, "Bad Gateway", None, None, id="html without text"),
        pytest.param(502, "<Error>", None, "Bad Gateway", None, None, id="s3 cut short"),
        pytest.param(502, "bad gateway!", None, "bad gateway!", None, None, id="plain text"),
        pytest.param(500, {}, None, "Internal Server Error", None, None, id="empty object"),
        pytest.param(500, "null", None, "Internal Server Error", None, None, id="json null"),
        pytest.param(500, '"down"', None, "down", None, None, id="json text"),
        pytest.param(500, "<", None, "<", None, None, id="broken markup"),
        pytest.param(500, b"\xff\xfe{", None, "\ufffd\ufffd{", None, None, id="binary"),
        pytest.param(500, "[" * 100_000, None, "[" * MAX_TEXT, None, None, id="too deep"),
    ],
)
def test_one_parser_reads_every_shape_of_error_body(
    parse, status, body, code, message, details, request_id
) -> None:
    assert parse(status, body) == ErrorBody(code, message, details, request_id)


@pytest.mark.parametrize("header", ["x-amzn-RequestId", "X-AMZN-REQUESTID", "x-amz-rid"])
def test_the_request_id_comes_from_the_header_in_any_case(parse, header) -> None:
    assert parse(500, b"", **{header: "ID-7"}).request_id == "ID-7"


def test_long_bodies_are_cut(parse) -> None:
    assert len(parse(500, "x" * 10_000).message) == MAX_TEXT


def test_tokens_and_presigned_urls_in_a_body_are_masked(parse) -> None:
    said = "token Atza|IwEBcanary refused for https://s3.example/doc?X-Amz-Signature=canary here"
    message = parse(400, {"message": said}).message
    assert message == "token [token] refused for https://s3.example/doc?[query] here"


def test_what_s3_echoes_of_keys_and_signatures_is_not_kept(parse) -> None:
    assert "CANARY" not in repr(parse(403, S3_EXPIRED))
