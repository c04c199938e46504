"""Finance streams against Amazon's models: columns, examples, the settlement report's header."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from amazon_client.downloads import Document
from amazon_client.extraction import Account, Delivery, Window
from amazon_client.singer.extractor import Extractor
from amazon_client.singer.schema import flatten
from tap_amazon_sp.settlement_file import COLUMNS
from tap_amazon_sp.tap import TapAmazonSP

OFFLINE = {"client_id": "x", "client_secret": "y", "region": "na", "refresh_token": "z"}
SELLER = Account("default", "na", "A1", marketplace_ids=("ATVPDKIKX0DER",))
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
FINANCES, V0 = "finances_2024-06-19", "financesV0"
FAMILY = (
    "financial_transactions",
    "financial_transaction_items",
    "financial_transaction_contexts",
    "financial_transaction_breakdowns",
)
FITTING = {
    "text": {"string"},
    "integer": {"integer"},
    "decimal": {"number"},
    "timestamp": {"date-time"},
    "day": {"date-time"},  # balances and summaries: the examples have dates
    "json": set(),
}
MADE_HERE = {
    "identifiers": "RelatedIdentifier by name",
    "itemOrdinal": "place in the list",
    "contextOrdinal": "place in the list",
    "breakdownOrdinal": "place in the tree",
    "parentOrdinal": "place in the tree",
    "depth": "place in the tree",
    "isLeaf": "whether it has breakdowns",
    "path": "types from the root down",
    "level": "whose tree it is",
}
"""First steps of paths that are no value of the model, and where they come from."""
DEFINITIONS = {
    "financial_transactions": {
        "": (FINANCES, "Transaction"),
        "deferred": (FINANCES, "DeferredContext"),
    },
    "financial_transaction_items": {
        "transaction": (FINANCES, "Transaction"),
        "item": (FINANCES, "Item"),
        "product": (FINANCES, "ProductContext"),
    },
    "financial_transaction_contexts": {
        "transaction": (FINANCES, "Transaction"),
        "context": (FINANCES, "Context"),
    },
    "financial_transaction_breakdowns": {
        "transaction": (FINANCES, "Transaction"),
        "node": (FINANCES, "Breakdown"),
    },
    "financial_balances": {"": (FINANCES, "Balance")},
    "financial_summaries": {"": (FINANCES, "Summary")},
    "financial_event_groups": {"": (V0, "FinancialEventGroup")},
}
"""By stream: first step of a column's path → the definition that the rest of it is in."""


def stream(name: str) -> Any:
    return TapAmazonSP(config=OFFLINE).streams[name]


def records(name: str, folder: Path, rows: list[Any], window: Window) -> list[dict[str, Any]]:
    """A stream's records of rows as Amazon tells them, made as in a run."""
    path = folder / "rows"
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    made = stream(name)
    request = made.dataset.request(SELLER, window)
    delivery = Delivery(request, "R1", (Document(path, None, 0),), NOW, NOW)
    stamped = {column.name: "stamp" for column in made.all_columns if not column.path}
    extract = Extractor(made.all_columns, made.primary_keys).bind(stamped)
    return [extract(row) for row in made.rows(delivery)]


def values(node: Any) -> Iterator[str]:
    """Every single value below a node, as text; numbers of one value are one text."""
    if isinstance(node, dict):
        for below in node.values():
            yield from values(below)
    elif isinstance(node, list):
        for below in node:
            yield from values(below)
    elif isinstance(node, bool):
        yield str(node)
    elif isinstance(node, int | float | Decimal):
        yield f"{Decimal(str(node)):f}"
    elif node is not None:
        yield str(node)


def value_of(definitions: Any, definition: str, path: tuple[str, ...]) -> str | None:
    """What the model says a value is; None for one that it does not know."""
    schema = definitions[definition]
    for step in path:
        parts = [schema, *schema.get("allOf", ())]
        parts = [definitions[p["$ref"].rsplit("/", 1)[-1]] if "$ref" in p else p for p in parts]
        found = [part["properties"][step] for part in parts if step in part.get("properties", {})]
        if not found:
            return None
        schema = found[0]
        if "$ref" in schema:
            schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
    kind: str = schema.get("format") or schema.get("type", "object")
    return {"int32": "integer"}.get(kind, kind)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_column_is_a_value_of_the_model_with_its_type(contracts: Any, name: str) -> None:
    wrong = []
    for column in flatten(type(stream(name)).columns):
        if not column.path or column.path[0] in MADE_HERE:
            continue
        known = DEFINITIONS[name]
        path = column.path[1:] if column.path[0] in known else column.path
        model, definition = known.get(column.path[0], known.get("", (FINANCES, "Transaction")))
        kind = value_of(contracts.swagger(model).document["definitions"], definition, path)
        fits = kind == "array" if column.kind == "json" else kind in FITTING[column.kind]
        if not fits:
            wrong.append((column.name, column.kind, kind))
    assert wrong == []


def test_the_identifiers_are_those_that_the_model_names(contracts: Any) -> None:
    definitions = contracts.swagger(FINANCES).document["definitions"]
    for name, definition, member in (
        ("financial_transactions", "RelatedIdentifier", "relatedIdentifierName"),
        ("financial_transaction_items", "ItemRelatedIdentifier", "itemRelatedIdentifierName"),
    ):
        declared = {
            column.path[1]
            for column in flatten(type(stream(name)).columns)
            if column.path[:1] == ("identifiers",)
        }
        assert declared == set(definitions[definition]["properties"][member]["enum"])


def test_no_value_of_the_example_of_transactions_is_lost(contracts: Any, tmp_path: Path) -> None:
    examples = contracts.swagger(FINANCES).examples("listTransactions")
    assert examples
    for example in examples:
        told = example["response"]["payload"]["transactions"]
        landed: Counter[str] = Counter()
        for name in FAMILY:
            landed += Counter(values(records(name, tmp_path, told, Window(NOW, NOW))))
        expected = Counter(_as_landed(value) for value in values(told))
        assert expected - landed == Counter()


def test_no_value_of_the_models_own_example_of_a_transaction_is_lost(
    contracts: Any, tmp_path: Path
) -> None:
    """It has an id, items, contexts and both trees, of which one in a wrapper of its own."""
    told = [contracts.swagger(FINANCES).document["definitions"]["Transaction"]["example"]]
    landed: Counter[str] = Counter()
    for name in FAMILY:
        landed += Counter(values(records(name, tmp_path, told, Window(NOW, NOW))))
    expected = Counter(_as_landed(value) for value in values(told))
    assert expected - landed == Counter()
    tree = records("financial_transaction_breakdowns", tmp_path, told, Window(NOW, NOW))
    assert [(node["item_ordinal"], node["path"], node["is_leaf"]) for node in tree] == [
        (0, "Sales", False),
        (0, "Sales/Product Charges", True),
        (1, "Product Charges", False),
        (1, "Product Charges/Principle", True),
    ]


def _as_landed(value: str) -> str:
    """An instant as records have it: microseconds, UTC."""
    if value.endswith("Z") and value[10:11] == "T":
        return datetime.fromisoformat(value).replace(tzinfo=None).isoformat() + "Z"
    return value


def test_no_value_of_the_examples_of_balances_is_lost(contracts: Any, tmp_path: Path) -> None:
    for example in contracts.swagger(FINANCES).examples("listBalances"):
        told = example["response"]["balances"]
        made = records("financial_balances", tmp_path, told, Window(NOW, NOW))
        landed = Counter(values(made))
        # The instant is local; records are in UTC.
        local = Counter({"2025-01-12T10:30:00+09:00": 1})
        assert Counter(values(told)) - local - landed == Counter()
        assert [row["path"] for row in made] == [
            "TOTAL",
            "TOTAL/AVAILABLE",
            "TOTAL/RESERVED",
            "TOTAL/RESERVED/DEFERRED",
            "TOTAL/RESERVED/ACCOUNT_LEVEL_RESERVE",
        ]
        assert {row["account_type"] for row in made} == {"Standard Orders"}


def test_no_value_of_the_example_of_summaries_is_lost(contracts: Any, tmp_path: Path) -> None:
    window = Window(date(2025, 1, 12), date(2025, 1, 12))
    for example in contracts.swagger(FINANCES).examples("listSummary"):
        told = example["response"]["summaries"]
        landed = Counter(values(records("financial_summaries", tmp_path, told, window)))
        assert Counter(values(told)) - landed == Counter()


def test_no_value_of_the_example_of_event_groups_is_lost(contracts: Any, tmp_path: Path) -> None:
    for example in contracts.swagger(V0).examples("listFinancialEventGroups"):
        told = example["response"]["payload"]["FinancialEventGroupList"]
        made = records("financial_event_groups", tmp_path, told, Window(NOW, NOW))
        expected = Counter(_as_landed(value) for value in values(told))
        assert expected - Counter(values(made)) == Counter()


def test_the_settlement_reports_columns_are_amazons(contracts: Any) -> None:
    known = json.loads(contracts.text("report_headers.json"))
    told = known["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"]["columns"]
    assert [*COLUMNS] == [*told, "promotion-id"]
    declared = {
        column.name
        for name in ("settlements", "settlement_lines")
        for column in flatten(type(stream(name)).columns)
    }
    assert {name.replace("-", "_") for name in told} <= declared


@pytest.mark.parametrize(("file", "charset"), [("us", "UTF-8"), ("de_comma", "Cp1252")])
def test_the_sample_settlements_are_understood(contracts: Any, file: str, charset: str) -> None:
    path = contracts.path(f"synthetic/settlement_v2_{file}.SYNTHETIC.txt")
    document = Document(path, charset, path.stat().st_size)
    found = {}
    for name in ("settlements", "settlement_lines"):
        made = stream(name)
        request = made.dataset.request(SELLER, Window(NOW, NOW))
        delivery = Delivery(request, "R1", (document,), NOW, NOW)
        stamped = {column.name: "stamp" for column in made.all_columns if not column.path}
        extract = Extractor(made.all_columns, made.primary_keys).bind(stamped)
        found[name] = [extract(row) for row in made.rows(delivery)]
    (settlement,) = found["settlements"]
    assert (settlement["total_amount"], settlement["lines_total"]) == ("14.70", "14.70")
    assert (settlement["line_count"], settlement["tie_out_difference"]) == (15, "0.00")
    first = found["settlement_lines"][0]
    assert (first["amount"], first["posted_date"], first["quantity_purchased"]) == (
        "100.00", "2026-11-03", 2,
    )  # fmt: skip
    assert first["posted_date_time"] == "2026-11-03T10:00:00Z"
    assert all(line["leftovers"] == {} for line in found["settlement_lines"])
