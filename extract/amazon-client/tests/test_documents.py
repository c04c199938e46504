import json
import random
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from amazon_client import documents
from amazon_client.documents import (
    decode_json,
    read_json_array,
    read_json_lines,
)
from amazon_client.errors import MalformedResponse


@pytest.fixture
def write(tmp_path: Path):
    def to_file(data: bytes | str) -> Path:
        path = tmp_path / "document"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return to_file


@pytest.fixture(params=[1, 2, 7, 64, 1 << 18], ids=lambda size: f"chunks of {size}")
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Read documents in parts of so many bytes, so that every seam falls somewhere once."""
    monkeypatch.setattr(documents, "CHUNK", request.param)
    return int(request.param)


# --- JSON arrays ------------------------------------------------------------------------------

TRICKY: list[Any] = [
    {"name": "a},{b", "n": 1},
    {"name": 'quote " and backslash \\', "n": 2},
    {"name": "\\", "n": 3},
    {"name": '\\"},', "n": 4},
    {"name": "]}]", "nested": {"a": {"b": [{"c": "}"}, []]}}, "n": 5},
    {"name": "商品 ö 😀", "n": 6},
    {"name": "\U0001f600 \u2028 \n\t", "n": 7},
    {},
    {"empty": {}, "list": [], "n": 8},
    {"name": "[[[{{{", "n": 9},
    {"name": "", "null": None, "true": True, "n": -1},
]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("separators", [(",", ":"), (" , ", " : "), (",\r\n", ":\t")])
def test_an_array_reads_the_same_wherever_the_parts_are_cut(
    write, chunk: int, ascii_only: bool, separators: tuple[str, str]
) -> None:
    text = json.dumps(TRICKY * 3, ensure_ascii=ascii_only, separators=separators)
    assert list(read_json_array(write(f" \n{text}\n "))) == TRICKY * 3


def test_random_nested_rows_read_the_same_wherever_the_parts_are_cut(write, chunk: int) -> None:
    rng = random.Random(11)

    def value(depth: int) -> Any:
        kind = rng.randrange(6 if depth else 4)
        if kind == 4:
            return {rng.choice('ab"}{'): value(depth - 1) for _ in range(rng.randrange(3))}
        if kind == 5:
            return [value(depth - 1) for _ in range(rng.randrange(3))]
        text = "".join(rng.choices('ab{}[]",\\: é', k=rng.randrange(8)))
        return [text, rng.randrange(10**20), None, rng.random() < 0.5][kind]

    rows = [{"v": value(4), "w": value(2)} for _ in range(200)]
    assert list(read_json_array(write(json.dumps(rows)))) == rows


def test_numbers_in_an_array_are_exact(write, chunk: int) -> None:
    body = '[{"cost": 14.50, "sales": 0.1, "id": 18446744073709551615, "e": 1e2, "n": -0.00}]'
    (row,) = read_json_array(write(body))
    assert row["id"] == 18446744073709551615
    assert {name: str(row[name]) for name in ("cost", "sales", "e", "n")} == {
        "cost": "14.50",
        "sales": "0.1",
        "e": "1E+2",
        "n": "-0.00",
    }
    assert all(isinstance(row[name], Decimal) for name in ("cost", "sales", "e"))


@pytest.mark.parametrize("text", ["[]", " [ ] ", "\n[\n]\n", "\ufeff[]"])
def test_an_empty_array_has_no_rows(write, chunk: int, text: str) -> None:
    assert list(read_json_array(write(text))) == []


def test_a_byte_order_mark_before_an_array_is_dropped(write) -> None:
    assert list(read_json_array(write('\ufeff[{"a":1}]'))) == [{"a": 1}]


def test_rows_can_be_decoded_into_a_type(write, chunk: int) -> None:
    class Row(msgspec.Struct):
        campaignId: int
        cost: Decimal
        sales1d: Decimal | None = None

    rows = list(read_json_array(write('[{"campaignId":1,"cost":14.50,"x":"}"}]'), Row))
    assert rows == [Row(1, Decimal("14.50"))]


MALFORMED = [
    "",
    " ",
    "{}",
    '{"a":1}',
    "null",
    "<html>[]</html>",
    "[",
    '[{"a":1}',
    '[{"a":1},',
    '[{"a":1},]',
    '[{"a":1},{"a":',
    '[{"a":1},{"a":"}',
    '[{"a":1}{"a":2}]',
    '[{"a":1},,{"a":2}]',
    '[,{"a":1}]',
    '[{"a":1}]]',
    '[{"a":1}]{"a":2}',
    '[{"a":1}][{"a":2}]',
    '[{"a":1}]x',
    '[{"a":1},{"a":NaN}]',
    '[{"a":1},{"a":1}}]',
    '[{"a":1},{"a":01}]',
    '[{"a":"\n"}]',
    "[{'a':1}]",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_cut_or_malformed_array_is_an_error(write, chunk: int, text: str) -> None:
    with pytest.raises(MalformedResponse):
        list(read_json_array(write(text)))


def test_every_proper_prefix_of_an_array_is_an_error(write, chunk: int) -> None:
    text = json.dumps(TRICKY, ensure_ascii=False).encode()
    for length in range(0, len(text), 1 if chunk > 2 else 17):
        with pytest.raises(MalformedResponse):
            list(read_json_array(write(text[:length])))


def test_broken_utf8_in_an_array_is_an_error(write, chunk: int) -> None:
    with pytest.raises(MalformedResponse):
        list(read_json_array(write(b'[{"a":"\xff"},{"a":"x"}]')))


def test_a_value_of_the_wrong_type_is_an_error_and_not_a_bad_cut(write, chunk: int) -> None:
    rows = read_json_array(write('[{"a":1},{"a":2.5},{"a":3}]'), dict[str, int])
    with pytest.raises(MalformedResponse, match=r"Expected `int`"):
        list(rows)


def test_an_endless_element_is_given_up(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_ROW", 1 << 20)
    with pytest.raises(MalformedResponse, match="exceeds"):
        list(read_json_array(write('[{"a":"' + "}" * (3 << 20))))


def test_an_error_in_an_array_names_the_document_and_shows_nothing_of_it(write) -> None:
    with pytest.raises(MalformedResponse) as caught:
        list(read_json_array(write('[{"email":"somebody@example.com"')))
    assert "document" in str(caught.value)
    assert "somebody" not in str(caught.value)


def test_a_large_array_is_read_in_constant_memory(write) -> None:
    row = json.dumps({"date": "2026-10-01", "campaignName": "SP | Auto", "n": [1, 2, {"c": 3}]})
    path = write("[" + ",".join([row] * 200_000) + "]")
    tracemalloc.start()
    assert sum(1 for _ in read_json_array(path)) == 200_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 15_000_000
    assert peak < 10_000_000


# --- JSON lines -------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n \n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
def test_json_lines_read_the_same_wherever_the_parts_are_cut(
    write, chunk: int, newline: str, ending: str
) -> None:
    text = newline.join(json.dumps(row, ensure_ascii=False) for row in TRICKY) + ending
    assert list(read_json_lines(write(text))) == TRICKY


@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n", "\ufeff"])
def test_no_json_lines_are_no_rows(write, chunk: int, text: str) -> None:
    assert list(read_json_lines(write(text))) == []


def test_numbers_in_json_lines_are_exact(write) -> None:
    (row,) = read_json_lines(write('{"amount":35.90,"units":3}\n'))
    assert (str(row["amount"]), row["units"]) == ("35.90", 3)


@pytest.mark.parametrize(
    "text", ['{"a":1}\n{"a":', '{"a":1}\n<html>\n', '{"a":1}x\n', b'{"a":"\xff"}\n', "["]
)
def test_a_cut_or_malformed_line_is_an_error(write, chunk: int, text: str | bytes) -> None:
    with pytest.raises(MalformedResponse):
        list(read_json_lines(write(text)))


def test_a_line_of_the_wrong_type_is_an_error(write) -> None:
    with pytest.raises(MalformedResponse, match="Expected `int`"):
        list(read_json_lines(write('{"a":"x"}\n'), dict[str, int]))


# --- one value --------------------------------------------------------------------------------


def test_a_value_is_decoded_exactly_with_or_without_a_byte_order_mark() -> None:
    assert str(decode_json(b'\xef\xbb\xbf{"a":0.10}')["a"]) == "0.10"


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":1} x', b'"\xff"', b"[" * 100_000])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        decode_json(body)
