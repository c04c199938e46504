"""Which advertising profiles a run reads, and why.

A profile is one advertiser in one marketplace. What an authorisation can see goes far beyond the
store it was given for (an agency's clients, book authors, attribution-only accounts), so every
profile gets a verdict in words: read or not, and for what reason. Nothing here asks Amazon.

Source: Amazon Ads API, `GET /v2/profiles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from amazon_client.errors import ConfigurationError, NoAdvertisingProfile
from amazon_client.extraction import Page

HEADLINE = "No advertising profile found"
NAME_THE_PROFILES = "Name the profiles to read in the setting profile_ids."

_NOT_ADVERTISERS = {
    "agency": "an agency account: DSP only, it has no sponsored ads",
    "KDP_AUTHOR": "a book author's account (KDP)",
    "AMAZON_ATTRIBUTION": "an Amazon Attribution account: it has no ads of its own",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One advertising profile as Amazon lists it, with the region whose host listed it.

    All money under a profile is in `currency_code`; all its report dates are days of `time_zone`.
    """

    region: str
    profile_id: str
    country_code: str | None
    currency_code: str | None
    time_zone: str
    marketplace_id: str | None = None
    account_entity_id: str | None = None
    account_type: str | None = None
    account_sub_type: str | None = None
    account_name: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_api(cls, region: str, document: Mapping[str, Any]) -> Self:
        """Read one element of Amazon's list; ids become text."""
        account = document.get("accountInfo") or {}
        return cls(
            region=region,
            profile_id=str(document["profileId"]),
            country_code=document.get("countryCode"),
            currency_code=document.get("currencyCode"),
            time_zone=document["timezone"],
            marketplace_id=account.get("marketplaceStringId"),
            account_entity_id=account.get("id"),
            account_type=account.get("type"),
            account_sub_type=account.get("subType"),
            account_name=account.get("name"),
            document=document,
        )

    def __str__(self) -> str:
        """Name the profile so that a person recognises it in a message."""
        kind = self.account_sub_type or self.account_type or "unknown type"
        return f"{self.profile_id} ({self.country_code}, {kind}, {self.account_name or 'no name'})"

    @property
    def unfit(self) -> str | None:
        """Why this profile has no sponsored ads to read; None when it may have some."""
        return _NOT_ADVERTISERS.get(self.account_type or "") or _NOT_ADVERTISERS.get(
            self.account_sub_type or ""
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings ask for.

    `profile_ids` decides alone where it is given; else the primary marketplace; else every profile
    that can have sponsored ads is read. `seller_ids` are the store's SP-API seller ids.
    """

    profile_ids: tuple[str, ...] = ()
    marketplace_id: str | None = None
    country_code: str | None = None
    seller_ids: tuple[str, ...] = ()

    def matches_marketplace(self, profile: Profile) -> bool:
        """Whether the profile is in the primary marketplace (IE and ZA may come without an id)."""
        if profile.marketplace_id:
            return profile.marketplace_id == self.marketplace_id
        return self.country_code is not None and profile.country_code == self.country_code


@dataclass(frozen=True, slots=True)
class Choice:
    """The verdict on one profile."""

    profile: Profile
    is_selected: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A verdict on every profile seen, and the configured ids that were not among them."""

    choices: tuple[Choice, ...]
    missing: tuple[str, ...] = ()

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles to read, in a stable order."""
        return tuple(choice.profile for choice in self.choices if choice.is_selected)


class ProfileList:
    """The list of a region's profiles with their verdicts, as an `EntityBackend`."""

    def __init__(self, selection: Selection, region: str) -> None:
        """List the profiles of `region` in `selection`."""
        self._selection = selection
        self._region = region

    def pages(self, entity: str) -> Iterator[Page]:
        """Yield one page: Amazon's objects with `isSelected` and `selectionReason` added."""
        yield Page(
            [
                {
                    **choice.profile.document,
                    "isSelected": choice.is_selected,
                    "selectionReason": choice.reason,
                }
                for choice in self._selection.choices
                if choice.profile.region == self._region
            ]
        )


def select_profiles(seen: Iterable[Profile], wanted: Wanted) -> Selection:
    """Give every profile its verdict.

    Raises ConfigurationError when several profiles fit the primary marketplace equally well; an
    empty selection is not an error here, `explain_nothing_found` puts it in words.
    """
    ordered = sorted(seen, key=lambda profile: (profile.region, profile.profile_id))
    fit = _fit(ordered)
    if wanted.profile_ids:
        verdicts = _by_id(fit, wanted.profile_ids)
    elif wanted.marketplace_id:
        verdicts = _by_marketplace(fit, wanted)
    else:
        verdicts = {p.profile_id: (True, "every advertiser's profile is read") for p in fit}
    return Selection(
        choices=tuple(
            Choice(profile, *verdicts.get(profile.profile_id, (False, f"{profile.unfit}")))
            for profile in ordered
        ),
        missing=tuple(sorted({*wanted.profile_ids} - {profile.profile_id for profile in fit})),
    )


Verdicts = dict[str, tuple[bool, str]]


def _by_id(fit: Sequence[Profile], profile_ids: Sequence[str]) -> Verdicts:
    return {
        profile.profile_id: (True, "named in profile_ids")
        if profile.profile_id in profile_ids
        else (False, "not named in profile_ids")
        for profile in fit
    }


def _by_marketplace(fit: Sequence[Profile], wanted: Wanted) -> Verdicts:
    candidates = [profile for profile in fit if wanted.matches_marketplace(profile)]
    best, why = _break_tie(candidates, wanted)
    reasons = {
        profile.profile_id: (False, f"in the primary marketplace too, but {best} {why}")
        for profile in candidates
    }
    if best:
        only = "is the profile of the primary marketplace"
        reasons[best.profile_id] = (True, f"{only}; {why}" if why else only)
    return {
        profile.profile_id: (False, "not in the primary marketplace") for profile in fit
    } | reasons


def _break_tie(candidates: Sequence[Profile], wanted: Wanted) -> tuple[Profile | None, str]:
    """The one profile that fits best and what speaks for it: a seller's, then the store's own."""
    if len(candidates) <= 1:
        return (candidates[0] if candidates else None), ""
    preferences: tuple[tuple[str, Callable[[Profile], bool]], ...] = (
        ("is a seller's", lambda profile: profile.account_type == "seller"),
        (
            "belongs to the store's seller account",
            lambda profile: profile.account_entity_id in wanted.seller_ids,
        ),
    )
    remaining = list(candidates)
    for advantage, preferred in preferences:
        remaining = [profile for profile in remaining if preferred(profile)] or remaining
        if len(remaining) == 1:
            return remaining[0], advantage
    raise ConfigurationError(
        "Several advertising profiles are in the primary marketplace and nothing tells them apart: "
        + "; ".join(map(str, remaining)),
        remedy=NAME_THE_PROFILES,
    )


def nothing_found(
    selection: Selection,
    wanted: Wanted,
    regions: Sequence[str],
    elsewhere: Mapping[str, Sequence[Profile]],
) -> NoAdvertisingProfile:
    """Put an empty selection in words: what was asked for, what was seen, what other regions hold.

    `elsewhere` maps the regions that are not configured to the profiles their hosts listed.
    """
    sentences = [f"{HEADLINE}: none {_asked_for(selection, wanted)} in {_regions(regions)}."]
    if selection.choices:
        seen = "; ".join(f"{choice.profile}: {choice.reason}" for choice in selection.choices)
        sentences.append(f"Seen there: {seen}.")
    else:
        sentences.append("Amazon lists no profile for this authorisation there.")
    found = {region: fit for region, seen in elsewhere.items() if (fit := _fit(seen))}
    for region, profiles in found.items():
        listed = "; ".join(map(str, profiles))
        sentences.append(f"Region {region} has profiles, but is not configured: {listed}.")
    remedy = None
    if any(not choice.profile.unfit for choice in selection.choices):
        remedy = NAME_THE_PROFILES
    elif found:
        remedy = f"Configure the region that has the profiles: {', '.join(found)}."
    return NoAdvertisingProfile(" ".join(sentences), remedy=remedy)


def _asked_for(selection: Selection, wanted: Wanted) -> str:
    if selection.missing:
        return f"with the id {' or '.join(selection.missing)}"
    if wanted.marketplace_id:
        return f"for the primary marketplace {wanted.country_code or wanted.marketplace_id}"
    return "of an advertiser"


def _regions(regions: Sequence[str]) -> str:
    return ("region " if len(regions) == 1 else "regions ") + ", ".join(regions)


def _fit(profiles: Iterable[Profile]) -> list[Profile]:
    return [profile for profile in profiles if not profile.unfit]
