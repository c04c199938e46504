"""How lists of entities are paged: nothing is lost and nothing comes twice."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from amazon_client.errors import InvalidRequest
from tap_amazon_ads.entities import EntityLists
from tap_amazon_ads.profiles import Profile

PROFILE = Profile("na", "77", "US", "USD", "America/Los_Angeles")
HUGE = 2**64 - 1


def rows(*ids: int | str) -> list[dict[str, Any]]:
    return [{"campaignId": campaign_id, "state": "ENABLED"} for campaign_id in ids]


def read(amazon: Any, entity: str, **options: bool) -> list[str]:
    lists = EntityLists(amazon.region.profile(PROFILE), **options)
    return [str(row["campaignId"]) for page in lists.pages(entity) for row in page.rows]


def queries(amazon: Any) -> list[dict[str, str]]:
    return [dict(parse_qsl(urlsplit(str(r.url)).query)) for r in amazon.script.requests]


def test_a_list_follows_its_tokens_and_asks_for_archived_ones(amazon: Any) -> None:
    amazon.answers(
        {"campaigns": rows("1", "2"), "nextToken": "t", "totalResults": 3},
        {"campaigns": rows("3"), "totalResults": 3},
    )
    assert read(amazon, "sp_campaigns") == ["1", "2", "3"]
    first, second = amazon.script.bodies
    assert first["stateFilter"] == {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}
    assert "nextToken" not in first
    assert second == {**first, "nextToken": "t"}


def test_an_empty_page_amid_a_list_does_not_end_it(amazon: Any) -> None:
    amazon.answers({"campaigns": [], "nextToken": "t"}, {"campaigns": rows("1")})
    assert read(amazon, "sb_campaigns") == ["1"]


def test_a_row_that_comes_again_is_dropped(amazon: Any) -> None:
    amazon.answers({"campaigns": rows("1", "2"), "nextToken": "t"}, {"campaigns": rows("2", "3")})
    assert read(amazon, "sb_campaigns") == ["1", "2", "3"]


def test_a_row_that_slipped_through_is_read_again(
    amazon: Any, caplog: pytest.LogCaptureFixture
) -> None:
    amazon.answers(
        {"campaigns": rows("1", "2"), "totalResults": 3},
        {"campaigns": rows("1", "2", "3"), "totalResults": 3},
    )
    assert read(amazon, "sp_campaigns") == ["1", "2", "3"]
    assert "2 of 3 came" in caplog.text


def test_the_bounded_total_of_sponsored_brands_counts_nothing(amazon: Any) -> None:
    amazon.answers({"campaigns": rows("1"), "totalCount": 100})
    assert read(amazon, "sb_campaigns") == ["1"]


def test_an_indexed_list_ends_with_the_first_short_page(amazon: Any) -> None:
    amazon.answers(rows(*range(100)), rows(*range(100, 200)), rows(HUGE))
    assert read(amazon, "sd_campaigns") == [*map(str, range(200)), "18446744073709551615"]
    assert [(q["startIndex"], q["count"]) for q in queries(amazon)] == [
        ("0", "100"),
        ("100", "100"),
        ("200", "100"),
    ]
    assert {q["stateFilter"] for q in queries(amazon)} == {"enabled, paused, archived"}


@pytest.mark.parametrize(("extended", "path"), [(False, ""), (True, "/extended")])
def test_extended_data_are_asked_for_only_when_wanted(
    amazon: Any, extended: bool, path: str
) -> None:
    amazon.answers({"campaigns": []}, [])
    read(amazon, "sp_campaigns", extended=extended)
    read(amazon, "sd_campaigns", extended=extended)
    assert amazon.script.bodies[0].get("includeExtendedDataFields", False) is extended
    assert urlsplit(str(amazon.script.requests[1].url)).path == f"/sd/campaigns{path}"


def test_an_error_on_a_later_page_is_no_end_of_the_list(amazon: Any) -> None:
    amazon.answers(
        {"campaigns": rows("1"), "nextToken": "t"},
        (400, {"code": "INVALID_ARGUMENT", "message": "nextToken has expired"}),
    )
    with pytest.raises(InvalidRequest, match="nextToken has expired"):
        read(amazon, "sp_campaigns")
