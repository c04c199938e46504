"""Which profiles are read is a pure function of what Amazon lists and what the settings ask for."""

from __future__ import annotations

from typing import Any

import pytest

from amazon_client.errors import ConfigurationError, NoAdvertisingProfile
from tap_amazon_ads.profiles import (
    Profile,
    Selection,
    Wanted,
    nothing_found,
    select_profiles,
)

US, CA, UK, JP, IE = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1F83G8C2ARO7P", "A1VC38T7YXB528", None
COUNTRIES = {US: "US", CA: "CA", UK: "UK", JP: "JP", IE: "IE"}
LARGEST_ID = 2**64 - 1


def profile(
    profile_id: int,
    marketplace_id: str | None = US,
    kind: str = "seller",
    sub_type: str | None = None,
    entity: str = "A1SELLER",
    region: str = "na",
) -> Profile:
    account: dict[str, Any] = {"id": entity, "type": kind, "name": "Some account"}
    if marketplace_id:
        account["marketplaceStringId"] = marketplace_id
    if sub_type:
        account["subType"] = sub_type
    document = {
        "profileId": profile_id,
        "countryCode": COUNTRIES[marketplace_id],
        "currencyCode": "USD",
        "timezone": "America/Los_Angeles",
        "accountInfo": account,
    }
    return Profile.from_api(region, document)


def selected(selection: Selection) -> list[str]:
    return [chosen.profile_id for chosen in selection.profiles]


def reason(selection: Selection, profile_id: int) -> str:
    return {c.profile.profile_id: c.reason for c in selection.choices}[str(profile_id)]


@pytest.mark.parametrize(
    ("seen", "wanted", "expected"),
    [
        pytest.param([], Wanted(), [], id="nothing listed"),
        pytest.param(
            [profile(1), profile(2, CA)], Wanted(), ["1", "2"], id="nothing asked reads all"
        ),
        pytest.param(
            [
                profile(1, kind="agency"),
                profile(2, sub_type="KDP_AUTHOR"),
                profile(3, sub_type="AMAZON_ATTRIBUTION"),
                profile(4, kind="vendor"),
            ],
            Wanted(),
            ["4"],
            id="agency, author and attribution accounts are left out",
        ),
        pytest.param([profile(1), profile(2, CA)], Wanted(profile_ids=("2",)), ["2"], id="by id"),
        pytest.param(
            [profile(1), profile(LARGEST_ID)],
            Wanted(profile_ids=(str(LARGEST_ID),)),
            [str(LARGEST_ID)],
            id="ids are matched as text over the whole unsigned 64 bits",
        ),
        pytest.param(
            [profile(1), profile(2, CA), profile(3, UK, region="eu")],
            Wanted(profile_ids=("3", "1")),
            ["3", "1"],
            id="several ids over regions, in a stable order",
        ),
        pytest.param(
            [profile(1), profile(2, CA)],
            Wanted(profile_ids=("1",), marketplace_id=CA),
            ["1"],
            id="ids decide over the marketplace",
        ),
        pytest.param(
            [profile(1, kind="agency")], Wanted(profile_ids=("1",)), [], id="an agency even by id"
        ),
        pytest.param(
            [profile(1), profile(2, CA)], Wanted(marketplace_id=CA), ["2"], id="by marketplace"
        ),
        pytest.param(
            [profile(1), profile(2, CA)], Wanted(marketplace_id=JP), [], id="no such marketplace"
        ),
        pytest.param(
            [profile(1), profile(2, IE)],
            Wanted(marketplace_id="ANY", country_code="IE"),
            ["2"],
            id="by country where Amazon names no marketplace",
        ),
        pytest.param(
            [profile(1, kind="vendor"), profile(2)],
            Wanted(marketplace_id=US),
            ["2"],
            id="a tie goes to the seller's",
        ),
        pytest.param(
            [profile(1, entity="A9OTHER"), profile(2, entity="A1SELLER")],
            Wanted(marketplace_id=US, seller_ids=("A1SELLER",)),
            ["2"],
            id="a tie of sellers goes to the store's own",
        ),
        pytest.param(
            [
                profile(1, kind="vendor", entity="A1SELLER"),
                profile(2, kind="vendor", entity="A9OTHER"),
            ],
            Wanted(marketplace_id=US, seller_ids=("A1SELLER",)),
            ["1"],
            id="a tie of vendors goes to the store's own",
        ),
    ],
)
def test_the_selection_rule(seen: list[Profile], wanted: Wanted, expected: list[str]) -> None:
    assert selected(select_profiles(seen, wanted)) == expected


def test_the_verdict_does_not_depend_on_the_order_of_the_list() -> None:
    seen = [profile(n, kind="vendor" if n == 2 else "seller", entity=f"A{n}") for n in (1, 2, 3)]
    wanted = Wanted(marketplace_id=US, seller_ids=("A3",))
    assert select_profiles(seen, wanted) == select_profiles(seen[::-1], wanted)


def test_a_tie_that_nothing_breaks_names_the_candidates_and_how_to_choose() -> None:
    seen = [profile(1, entity="A1"), profile(2, entity="A2"), profile(3, kind="vendor")]
    with pytest.raises(ConfigurationError) as refused:
        select_profiles(seen, Wanted(marketplace_id=US))
    assert "1 (US, seller, Some account); 2 (US, seller, Some account)" in str(refused.value)
    assert "3 (" not in str(refused.value), "the vendor's had already lost"
    assert "profile_ids" in refused.value.remedy


@pytest.mark.parametrize(
    ("profile_id", "expected"),
    [
        (1, "is the profile of the primary marketplace; is a seller's"),
        (2, "in the primary marketplace too, but 1 (US, seller, Some account) is a seller's"),
        (3, "not in the primary marketplace"),
        (4, "an agency account: DSP only, it has no sponsored ads"),
    ],
)
def test_every_verdict_gives_its_reason(profile_id: int, expected: str) -> None:
    seen = [profile(1), profile(2, kind="vendor"), profile(3, CA), profile(4, kind="agency")]
    assert reason(select_profiles(seen, Wanted(marketplace_id=US)), profile_id) == expected


def test_configured_ids_that_are_not_listed_are_missing_and_unfit_ones_too() -> None:
    seen = [profile(1), profile(2, kind="agency")]
    selection = select_profiles(seen, Wanted(profile_ids=("1", "2", "9")))
    assert selected(selection) == ["1"]
    assert selection.missing == ("2", "9")


def failure(
    seen: list[Profile], wanted: Wanted, elsewhere: dict[str, list[Profile]] | None = None
) -> NoAdvertisingProfile:
    return nothing_found(select_profiles(seen, wanted), wanted, ["na"], elsewhere or {})


def test_an_empty_list_is_headed_exactly_and_names_the_permission_to_give() -> None:
    error = failure([], Wanted())
    assert str(error).startswith("No advertising profile found: none of an advertiser in region na")
    assert "User Permissions" in error.remedy
    assert "Advertising" in error.remedy


def test_what_was_seen_and_left_out_is_named_with_its_reason() -> None:
    error = failure([profile(5, kind="agency")], Wanted())
    assert "5 (US, agency, Some account): an agency account" in str(error)
    assert "User Permissions" in error.remedy


def test_a_wrong_id_is_answered_with_the_ids_there_are() -> None:
    error = failure([profile(1)], Wanted(profile_ids=("9",)))
    assert "with the id 9" in str(error)
    assert "1 (US, seller, Some account)" in str(error)
    assert "profile_ids" in error.remedy


def test_profiles_of_other_regions_are_named_as_the_way_out() -> None:
    elsewhere = {"eu": [profile(7, UK, region="eu")], "fe": [profile(8, JP, kind="agency")]}
    error = failure([], Wanted(), elsewhere)
    assert "Region eu has profiles, but is not configured: 7 (UK, seller" in str(error)
    assert "Region fe" not in str(error), "an agency's profile is no way out"
    assert error.remedy == "Configure the region that has the profiles: eu."
