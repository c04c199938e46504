import io
import logging
from pathlib import Path

import pytest

from amazon_client.documents import (
    read_tsv,
    read_xml,
)
from amazon_client.errors import MalformedResponse


@pytest.fixture
def write(tmp_path: Path):
    def to_file(data: bytes | str) -> Path:
        path = tmp_path / "document"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return to_file


# --- tables -----------------------------------------------------------------------------------


def test_a_table_is_read_by_header_name_and_empty_cells_are_none() -> None:
    text = "order-id\tsku \tamount\r\n1\tA-1\t\r\n2\t\t95,00\r\n"
    assert list(read_tsv(io.StringIO(text, newline=""))) == [
        {"order-id": "1", "sku": "A-1", "amount": None},
        {"order-id": "2", "sku": None, "amount": "95,00"},
    ]


def test_quotes_are_plain_characters_unless_a_table_is_quoted() -> None:
    text = 'a\tb\n"x\t5" screen\n'
    assert list(read_tsv(io.StringIO(text))) == [{"a": '"x', "b": '5" screen'}]
    ledger = '"Date"\t"Title"\n"11/24/2026"\t"tab\there, ""quoted"""\n'
    assert list(read_tsv(io.StringIO(ledger), quoted=True)) == [
        {"Date": "11/24/2026", "Title": 'tab\there, "quoted"'}
    ]


def test_ragged_rows_are_kept_and_surplus_cells_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    text = "a\tb\n1\n\n2\t3\t\t\n4\t5\t6\n"
    assert list(read_tsv(io.StringIO(text))) == [
        {"a": "1", "b": None},
        {"a": "2", "b": "3"},
        {"a": "4", "b": "5"},
    ]
    assert "1 rows of a table have more cells than its header" in caplog.text


def test_a_table_with_a_header_alone_has_no_rows() -> None:
    assert list(read_tsv(io.StringIO("a\tb\n"))) == []


@pytest.mark.parametrize("text", ["", "\n", "a\ta\n1\t2\n"])
def test_a_table_without_a_proper_header_is_an_error(text: str) -> None:
    with pytest.raises(MalformedResponse, match="header"):
        list(read_tsv(io.StringIO(text)))


def test_broken_quoting_is_an_error() -> None:
    with pytest.raises(MalformedResponse, match="Line 2"):
        list(read_tsv(io.StringIO('a\tb\n"1"x\t2\n'), quoted=True))


def test_a_quoted_table_that_ends_inside_a_quote_is_an_error() -> None:
    with pytest.raises(MalformedResponse):
        list(read_tsv(io.StringIO('a\tb\n1\t"2\n'), quoted=True))


# --- XML --------------------------------------------------------------------------------------

ORDERS = """<?xml version="1.0" encoding="{encoding}"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Header><DocumentVersion>1.00</DocumentVersion></Header>
<Message><Order><AmazonOrderID>1</AmazonOrderID><Name>Größe &amp; mehr</Name></Order></Message>
<Message><Order><AmazonOrderID>2</AmazonOrderID><Name>B</Name></Order></Message>
</AmazonEnvelope>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1"])
def test_xml_elements_are_read_in_the_encoding_that_the_document_declares(
    write, encoding: str
) -> None:
    path = write(ORDERS.format(encoding=encoding).encode(encoding))
    found = [
        (order.findtext("AmazonOrderID"), order.findtext("Name"))
        for order in read_xml(path, "Order")
    ]
    assert found == [("1", "Größe & mehr"), ("2", "B")]


def test_xml_elements_are_found_in_any_namespace(write) -> None:
    path = write('<a xmlns="urn:x"><b>1</b><b>2</b></a>')
    assert [element.text for element in read_xml(path, "b")] == ["1", "2"]


@pytest.mark.parametrize("cut", [0, 1, 50, 200, 330, -1])
def test_cut_xml_is_an_error(write, cut: int) -> None:
    with pytest.raises(MalformedResponse):
        list(read_xml(write(ORDERS.format(encoding="UTF-8").encode()[:cut]), "Order"))


def test_entities_of_xml_are_neither_expanded_nor_fetched(write, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    path = write(f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a><b>1&x;2</b></a>')
    texts = ["".join(str(text) for text in element.itertext()) for element in read_xml(path, "b")]
    assert "canary" not in "".join(texts)


@pytest.mark.slow
def test_large_xml_is_read_in_constant_memory(write) -> None:
    order = "<Message><Order>" + "<Item><SKU>A-1</SKU></Item>" * 10 + "</Order></Message>\n"
    path = write("<Envelope>" + order * 150_000 + "</Envelope>")
    shells = count = 0
    for element in read_xml(path, "Order"):
        count += 1
        root = element.getroottree().getroot()
        shells = max(shells, len(root))
    assert count == 150_000
    assert path.stat().st_size > 40_000_000
    assert shells < 1000, "only what the parser has read ahead"
