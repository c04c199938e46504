"""Answers of Amazon's shape become records without loss.

The samples lie beside the project with Amazon's contracts; the expected values of the special cases
are worked out in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from amazon_client.documents import decode_json
from amazon_client.extraction import Account, Progress, Window
from amazon_client.singer import AmazonStream
from amazon_client.singer.extractor import Extractor
from amazon_client.singer.schema import Column, flatten
from amazon_client.testing import ManualClock
from tap_amazon_ads.profiles import Profile
from tap_amazon_ads.reporting import ReportingV3
from tap_amazon_ads.streams import STREAMS
from tap_amazon_ads.streams.sponsored_products.reports import SpCampaignsDaily

BY_NAME = {stream.name: stream for stream in STREAMS}
SAMPLES = {
    "profiles.response.json": ("profiles", None),
    "sp_campaigns_list.response.json": ("sp_campaigns", "campaigns"),
    "sb_campaigns_list.response.json": ("sb_campaigns", "campaigns"),
    "sd_campaigns.response.json": ("sd_campaigns", None),
    "report_rows_spCampaigns_daily.json": ("sp_campaigns_daily", None),
    "report_rows_sbCampaigns_daily.json": ("sb_campaigns_daily", None),
    "report_rows_sdTargeting_daily.json": ("sd_targeting_daily", None),
    "portfolios_list.response.json": ("portfolios", "portfolios"),
    "sb_ads_list.response.json": ("sb_ads", "ads"),
    "product_metadata.response.json": ("product_metadata", "ProductMetadataList"),
}


def own_columns(stream: type[AmazonStream]) -> tuple[Column, ...]:
    return tuple(flatten(stream.columns))


def record(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(Extractor(own_columns(BY_NAME[name])).bind({})(row))


def scalars(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values of a nested object with their paths; lists and empty objects are values."""
    if isinstance(value, dict) and value:
        for name, below in value.items():
            yield from scalars(below, (*path, name))
    elif value is not None:
        yield path, value


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_value_of_a_sample_is_in_the_record(
    sample: str, contract_text: Callable[[str], bytes]
) -> None:
    name, key = SAMPLES[sample]
    answer = decode_json(contract_text(f"samples/{sample}"))
    columns = {column.path: column.name for column in own_columns(BY_NAME[name])}
    for row in answer[key] if key else answer:
        landed = record(name, row)
        for path, value in scalars(row):
            column = next(columns[path[:n]] for n in range(len(path), 0, -1) if path[:n] in columns)
            assert as_text(landed[column]) == as_text(value), path
        assert not landed.get("leftovers")


def test_samples_of_report_answers_are_understood(
    contract: Callable[[str], Any], amazon: Any
) -> None:
    profile = Profile.from_api("na", contract("samples/profiles.response.json")[0])
    clock = ManualClock(datetime(2026, 11, 1, 8, 10, tzinfo=UTC))
    backend = ReportingV3(amazon.region, lambda _: amazon.region.profile(profile), clock)
    request = SpCampaignsDaily.dataset.request(
        Account("default", "na", profile.profile_id, profile.time_zone),
        Window(date(2026, 10, 1), date(2026, 10, 31)),
    )
    amazon.answers(
        contract("samples/report_pending.response.json"),
        contract("samples/report_pending.response.json"),
        contract("samples/report_failed.response.json"),
        contract("samples/report_completed.response.json"),
        (425, contract("samples/report_duplicate_425.response.json")),
    )
    report_id = backend.create(request)
    assert report_id == "4545ce53-6edf-45d2-8489-193ec9d8029c"
    told = [backend.poll(request, report_id) for _ in range(3)]
    assert [t.progress for t in told] == [Progress.RUNNING, Progress.FAILED, Progress.DONE]
    assert told[1].reason == "simulated"
    assert told[2].generated_at == datetime(2026, 11, 1, 8, 12, tzinfo=UTC)
    where = backend.locate(request, report_id, told[2].handle, fresh=False)
    assert where.url.startswith("https://offline-report-storage-sim.s3.amazonaws.com/")
    assert backend.create(request) == report_id


def as_text(value: Any) -> str:
    """Values compare as text: ids land as text, decimals as text, dates with hyphens."""
    text = str(value)
    if text.isdigit() and text.startswith("20") and len(text) == 8:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if text.isdigit() and len(text) == 13:
        return MILLISECONDS[text]
    return text.replace(".000Z", "Z")


MILLISECONDS = {"1770540000000": "2026-02-08T08:40:00Z"}
"""1 770 540 000 s = 20 492 days of 86 400 s and 31 200 s; day 20 492 is 2026-02-08."""


def test_ids_of_64_unsigned_bits_are_text_whether_numbers_or_strings() -> None:
    number = record("sd_campaigns", {"campaignId": 18446744073709551615})
    string = record("sp_campaigns", {"campaignId": "18446744073709551615"})
    assert number["campaign_id"] == string["campaign_id"] == "18446744073709551615"


def test_money_is_exact() -> None:
    (row,) = decode_json(b'[{"date":"2026-10-01","campaignId":1,"cost":0.1,"sales7d":1e-7}]')
    landed = record("sp_campaigns_daily", row)
    assert landed["cost"] == "0.1"
    assert float(landed["sales_7d"]) == 1e-7
    assert landed["sales_14d"] is None, "what Amazon leaves out is unknown, not 0"


def test_dates_and_times_of_every_api_become_dates_and_utc() -> None:
    display = record("sd_campaigns", {"startDate": "20260101", "creationDate": 1770540000000})
    assert (display["start_date"], display["creation_date"]) == (
        "2026-01-01",
        "2026-02-08T08:40:00Z",
    )
    extended = {"creationDateTime": "2026-01-01T01:00:00.000-08:00"}
    products = record("sp_campaigns", {"startDate": "2026-01-01", "extendedData": extended})
    assert (products["start_date"], products["creation_date_time"]) == (
        "2026-01-01",
        "2026-01-01T09:00:00Z",
    )


def test_states_and_kinds_that_nobody_knows_yet_are_kept() -> None:
    row = {"campaignId": "1", "state": "HIBERNATING", "budget": {"budgetType": "WEEKLY"}}
    landed = record("sp_campaigns", row)
    assert (landed["state"], landed["budget_type"]) == ("HIBERNATING", "WEEKLY")


def test_fields_that_nobody_knows_yet_are_left_over() -> None:
    row = {"campaignId": "1", "budget": {"budget": 5, "cap": 9}, "novelty": {"a": [1]}}
    assert record("sp_campaigns", row)["leftovers"] == {
        "budget": {"cap": 9},
        "novelty": {"a": [1]},
    }
