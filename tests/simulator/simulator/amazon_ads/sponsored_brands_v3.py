"""Sponsored Brands v3: keywords by GET, targets by POST; ids are numbers, states lower-case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simulator.amazon_ads.entities import known_ad_groups, present
from simulator.amazon_ads.expressions import camel_case, negative
from simulator.amazon_ads.index_listing import IndexList
from simulator.amazon_ads.pages import Row
from simulator.gateway import Operation
from simulator.world import World
from simulator.world.ads.entities import AdGroup, Campaign, NegativeMatch, Profile, State
from simulator.world.events import AdProduct

SB = AdProduct.SPONSORED_BRANDS
STATES = ("enabled", "paused", "pending", "archived", "draft")
DEFAULT_STATES = ("enabled", "paused")
"""Documented of the keywords; archived ones are missing unless asked for."""
_NEGATIVE_MATCH = {
    NegativeMatch.EXACT: "negativeExact",
    NegativeMatch.PHRASE: "negativePhrase",
}


def keywords(world: World, profile: Profile) -> Iterator[Row]:
    """All keywords; those of other languages than English carry the advertiser's own words."""
    is_foreign = not profile.market.language.startswith("en")
    for campaign, group in known_ad_groups(world, profile, SB):
        for target in group.all_targets:
            if target.is_keyword:
                yield _inside(
                    world, campaign, group, "keywordId", target.target_id, target.state,
                    {
                        "keywordText": target.text,
                        "nativeLanguageKeyword": target.text if is_foreign else None,
                        "matchType": target.match_type.lower(),
                        "bid": float(target.bid),
                    },
                )  # fmt: skip


def targets(world: World, profile: Profile) -> Iterator[Row]:
    """All product targets."""
    for campaign, group in known_ad_groups(world, profile, SB):
        for target in group.all_targets:
            if not target.is_keyword:
                expressions = camel_case(target)
                yield _inside(
                    world, campaign, group, "targetId", target.target_id, target.state,
                    {
                        "expressions": expressions,
                        "resolvedExpressions": expressions,
                        "bid": float(target.bid),
                    },
                )  # fmt: skip


def _negatives(are_keywords: bool) -> Callable[[World, Profile], Iterator[Row]]:
    def rows(world: World, profile: Profile) -> Iterator[Row]:
        for campaign, group in known_ad_groups(world, profile, SB):
            for excluded in group.negatives:
                if excluded.match.is_keyword is not are_keywords:
                    continue
                told: dict[str, Any] = (
                    {"keywordText": excluded.text, "matchType": _NEGATIVE_MATCH[excluded.match]}
                    if are_keywords
                    else dict.fromkeys(("expressions", "resolvedExpressions"), negative(excluded))
                )
                name = "keywordId" if are_keywords else "targetId"
                yield _inside(
                    world, campaign, group, name, excluded.target_id, excluded.state, told
                )

    return rows


def _inside(
    world: World,
    campaign: Campaign,
    group: AdGroup,
    id_name: str,
    target_id: str,
    own: State,
    told: dict[str, Any],
) -> Row:
    state = campaign.state_inside(own, campaign.profile.day_of(world.now))
    return present(
        {
            id_name: int(target_id),
            "adGroupId": int(group.ad_group_id),
            "campaignId": int(campaign.campaign_id),
            **told,
            "state": state.value.lower(),
        }
    )


def _index_list(
    name: str, path: str, media: str, rows: Callable[[World, Profile], Iterator[Row]]
) -> IndexList:
    return IndexList(
        operation=Operation(f"ads.sb.{name}", "GET", f"/sb/{path}", rate=10, burst=30),
        product=SB,
        rows=rows,
        filters=("campaignIdFilter", "adGroupIdFilter", "keywordIdFilter", "matchTypeFilter",
                 "keywordText"),
        media_types=tuple(f"application/vnd.{media}.v{version}+json" for version in ("3", "3.2")),
        states=STATES,
        default_states=DEFAULT_STATES,
    )  # fmt: skip


INDEX_LISTS = (
    _index_list("keywords", "keywords", "sbkeyword", keywords),
    _index_list("negative_keywords", "negativeKeywords", "sbnegativekeyword", _negatives(True)),
)
TARGET_LISTS: tuple[tuple[str, str, str, Callable[[World, Profile], Iterator[Row]]], ...] = (
    ("targets", "/sb/targets/list", "targets", targets),
    ("negative_targets", "/sb/negativeTargets/list", "negativeTargets", _negatives(False)),
)
"""Operation, path, the response's key (and media type), rows: see ``brand_lists``."""
