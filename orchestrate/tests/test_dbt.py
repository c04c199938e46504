from __future__ import annotations

import json

from tandem.dbt import with_as_of

AS_OF = "2026-11-24T18:00:00Z"


def variables(words: list[str]) -> object:
    assert words.count("--vars") == 1
    return json.loads(words[words.index("--vars") + 1])


def test_the_instant_becomes_a_variable() -> None:
    words = with_as_of(["build", "--select", "marts"], AS_OF)
    assert words[:3] == ["build", "--select", "marts"]
    assert variables(words) == {"as_of": AS_OF}


def test_variables_given_by_hand_are_kept_and_win() -> None:
    words = with_as_of(["run", "--vars", "{reporting_currency: EUR}", "-s", "x"], AS_OF)
    assert variables(words) == {"as_of": AS_OF, "reporting_currency": "EUR"}
    assert words[:3] == ["run", "-s", "x"]
    words = with_as_of(["run", "--vars", "as_of: 2026-01-01T00:00:00Z"], AS_OF)
    assert variables(words) == {"as_of": "2026-01-01T00:00:00+00:00"}


def test_without_an_instant_nothing_is_added() -> None:
    assert with_as_of(["build"], None) == ["build"]
    assert with_as_of(["--version"], AS_OF) == ["--version"]
    assert with_as_of([], AS_OF) == []
