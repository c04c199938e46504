"""What a run means for its connections: which of them are well, and what to do about the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tandem.registry import Connection, Registry

_FAILED = re.compile(r"(?:not read: )?(\S+) \(([^)]*)\): (.*)", re.DOTALL)
_ROLE = re.compile(r"needs the role ([^:.]+?)(?=[:.]| give)")
REMEDIES = {
    "needs_reauth": "Authorise the account again: `tandem connect {api} --store {store} "
    "--region {region}`, or Reconnect in the dashboard.",
    "no_ads_profile": "In Seller Central open Settings → User Permissions, enable Advertising for "
    "the user who authorised, and connect again.",
    "partial": "What is named could not be read; everything else was. The next sync tries again.",
    "error": "Nothing could be read. The next sync tries again; if it stays, see the log.",
}
"""What to do about a state, where the failure itself does not say."""


@dataclass(frozen=True)
class Verdict:
    """The state of a connection after a run, why, and what to do."""

    state: str
    reason: str | None = None
    remedy: str | None = None
    missing_roles: tuple[str, ...] = ()


def judge(
    connection: Connection,
    problems: Mapping[tuple[str, str], str],
    errors: Iterable[str],
    failure: str | None,
    rows: int,
) -> Verdict:
    """The state of one connection.

    Args:
        connection: the one asked about.
        problems: kinds of error by (stream, account), of all regions of the run.
        errors: the same in words, each beginning with its stream and account.
        failure: why the run as a whole failed; None when it did not.
        rows: how many records the run has read, of all regions.
    """
    own = {place: kind for place, kind in problems.items() if _concerns(connection, place[1])}
    if not own:
        if failure and not problems:
            return Verdict("error", failure, _remedy(connection, "error"))
        return Verdict("connected")
    words = [text for text in errors if _is_about(text, own)]
    reason = "; ".join(dict.fromkeys(words[:3])) or failure
    kinds = set(own.values())
    state = "partial" if rows else "error"
    if "NeedsReauth" in kinds:
        state = "needs_reauth"
    elif "NoAdvertisingProfile" in kinds:
        state = "no_ads_profile"
    roles = tuple(dict.fromkeys(role for text in words for role in _ROLE.findall(text)))
    return Verdict(state, reason, _remedy(connection, state), roles)


def record(registry: Registry, connections: Sequence[Connection], *verdicts: Verdict) -> None:
    """Write verdicts down, unless the connection was ended meanwhile."""
    with registry.changing() as database:
        for connection, verdict in zip(connections, verdicts, strict=True):
            database.execute(
                """
                update ops.connections set
                    state = %s, reason = %s, remedy = %s, missing_roles = %s,
                    last_attempt_at = now(), updated_at = now(),
                    last_success_at = case when %s then now() else last_success_at end
                where (store_id, api, region) = (%s, %s, %s)
                    and state not in ('disconnected', 'deleted')
                """,
                [
                    verdict.state,
                    verdict.reason,
                    verdict.remedy,
                    list(verdict.missing_roles),
                    verdict.state in ("connected", "partial"),
                    *connection.place,
                ],
            )


def _concerns(connection: Connection, account: str) -> bool:
    """Whether an account as logs name it (`na`, `na/A1…`, `na, eu`, `all`) is of the connection."""
    named = {part.split("/")[0] for part in re.split(r",_?\s*", account)}
    return bool(named & {connection.region, "all"}) or connection.region == "global"


def _is_about(text: str, own: Mapping[tuple[str, str], str]) -> bool:
    match = _FAILED.match(text)
    if match is None:
        return False
    return (match[1], match[2].replace(" ", "_")) in own


def _remedy(connection: Connection, state: str) -> str:
    return REMEDIES[state].format(
        api=connection.of.word, store=connection.store_id, region=connection.region
    )
