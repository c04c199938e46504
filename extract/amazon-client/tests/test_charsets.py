import logging
from pathlib import Path

import pytest

from amazon_client.charsets import charset_of, open_text
from amazon_client.downloads import Document


@pytest.fixture
def document(tmp_path: Path):
    def write(data: bytes, charset: str | None = None) -> Document:
        path = tmp_path / "document"
        path.write_bytes(data)
        return Document(path, charset, len(data))

    return write


def text_of(document: Document, fallback: str = "cp1252") -> str:
    with open_text(document, fallback=fallback) as file:
        return file.read()


@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        ("Cp1252", "cp1252", "Größe 10 € “neu”"),
        ("windows-31j", "cp932", "商品①㈱"),
        ("Shift_JIS", "cp932", "商品①㈱"),
        ("UTF-8", "utf-8", "Größe 商品"),
        ("ISO-8859-1", "iso-8859-1", "Größe"),
    ],
)
def test_the_declared_charset_comes_first(document, declared, codec, text) -> None:
    assert text_of(document(text.encode(codec), declared)) == text


@pytest.mark.parametrize(
    ("fallback", "codec", "text"),
    [
        ("cp1252", "utf-8", "Größe 商品"),
        ("cp932", "utf-8", "Größe 商品"),
        ("cp1252", "cp1252", "Größe 10 €"),
        ("cp932", "cp932", "商品①"),
    ],
)
def test_without_a_declaration_it_is_utf8_else_the_region_s(
    document, fallback, codec, text
) -> None:
    assert text_of(document(text.encode(codec)), fallback) == text


@pytest.mark.parametrize("declared", [None, "UTF-8"])
def test_a_byte_order_mark_is_dropped(document, declared) -> None:
    assert text_of(document("\ufefforder-id".encode(), declared)) == "order-id"


@pytest.mark.parametrize(
    ("declared", "codec"), [("UTF-8", "cp1252"), ("x-unheard-of", "utf-8"), ("US-ASCII", "utf-8")]
)
def test_a_wrong_declaration_is_passed_over_with_a_warning(
    document, declared, codec, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert text_of(document("Größe €".encode(codec), declared)) == "Größe €"
    assert f"is declared as {declared.lower()}" in caplog.text


def test_bytes_of_no_charset_are_replaced_with_a_warning_and_lose_no_line(
    document, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert text_of(document(b"a\x81\nb\xff\x8d\n")).splitlines() == ["a\ufffd", "bÿ\ufffd"]
    assert "unreadable characters are replaced" in caplog.text


def test_a_character_cut_by_the_reading_of_parts_is_one_character(document) -> None:
    text = "x" * ((1 << 20) - 1) + "ö商"
    assert charset_of(document(text.encode())) == "utf-8-sig"
    assert text_of(document(text.encode())) == text


def test_newlines_are_left_to_the_reader(document) -> None:
    assert text_of(document(b"a\r\nb\n")) == "a\r\nb\n"
