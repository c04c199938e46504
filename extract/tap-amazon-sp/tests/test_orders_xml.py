"""The order report's reader, on documents made by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from amazon_client.errors import MalformedResponse
from tap_amazon_sp.orders_xml import read_items, read_orders, read_recipients, spool_orders

HEAD = (
    '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="amzn-envelope.xsd"><Header><DocumentVersion>1.00'
    "</DocumentVersion></Header><MessageType>AllOrdersReport</MessageType>"
)
TAIL = "</AmazonEnvelope>"


def document(tmp_path: Path, body: str, *, encoding: str = "UTF-8", tail: str = TAIL) -> Path:
    """The spool of a document."""
    path = tmp_path / "orders.xml"
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    path.write_bytes((prolog + HEAD + body + tail).encode(encoding))
    return spooled(path)


def spooled(path: Path) -> Path:
    spool = path.with_name("spool")
    spool_orders(path, spool)
    return spool


def order(*items: str, order_id: str = "111-1", extra: str = "") -> str:
    return (
        f"<Message><Order><AmazonOrderID>{order_id}</AmazonOrderID>{extra}"
        f"{''.join(items)}</Order></Message>"
    )


def item(sku: str = "SKU-1", code: str | None = None, inner: str = "") -> str:
    tag = f"<AmazonOrderItemCode>{code}</AmazonOrderItemCode>" if code else ""
    return f"<OrderItem>{tag}<SKU>{sku}</SKU>{inner}</OrderItem>"


def price(*components: tuple[str, str], currency: str = "USD") -> str:
    parts = "".join(
        f'<Component><Type>{kind}</Type><Amount currency="{currency}">{amount}</Amount></Component>'
        for kind, amount in components
    )
    return f"<ItemPrice>{parts}</ItemPrice>"


def test_one_item_and_several_items_are_both_read(tmp_path: Path) -> None:
    path = document(
        tmp_path,
        order(item(code="1"), order_id="111-1")
        + order(item(code="2"), item(code="3"), order_id="111-2"),
    )
    assert [(o["AmazonOrderID"], o["ItemCount"]) for o in read_orders(path)] == [
        ("111-1", 1),
        ("111-2", 2),
    ]
    assert [(line["order"]["AmazonOrderID"], line["ItemId"]) for line in read_items(path)] == [
        ("111-1", "1"),
        ("111-2", "2"),
        ("111-2", "3"),
    ]


def test_two_lines_of_one_sku_stay_two(tmp_path: Path) -> None:
    lines = read_items(document(tmp_path, order(item("A", "10"), item("A", "11"))))
    assert [(line["SKU"], line["ItemId"]) for line in lines] == [
        ("A", "10"),
        ("A", "11"),
    ]


def test_a_missing_item_code_falls_back_to_the_ordinal(tmp_path: Path) -> None:
    lines = list(read_items(document(tmp_path, order(item("A"), item("A"), item("B", "7")))))
    assert [line["ItemId"] for line in lines] == ["#1", "#2", "7"]
    assert [line["ItemOrdinal"] for line in lines] == [1, 2, 3]


def test_an_item_code_that_repeats_within_an_order_loses_no_line(tmp_path: Path) -> None:
    lines = read_items(document(tmp_path, order(item("A", "7"), item("A", "7"))))
    assert [line["ItemId"] for line in lines] == ["7", "7#2"]


def test_price_components_single_or_repeated_are_exact(tmp_path: Path) -> None:
    prices = price(("Principal", "0.1"), ("Tax", "4.13"), ("Principal", "0.2"))
    path = document(tmp_path, order(item(inner=price()), item(inner=prices)))
    second, first = read_items(path)
    assert first["ItemPrice"] == {"Principal": "0.3", "Tax": "4.13"}
    assert first["Currency"] == "USD"
    assert second["ItemPrice"] == {}
    assert "Currency" not in second
    assert next(read_orders(path))["Currency"] == "USD"


def test_a_pending_order_has_no_price_rather_than_zero(tmp_path: Path) -> None:
    path = document(tmp_path, order(item()))
    assert "ItemPrice" not in next(read_items(path))
    assert next(read_orders(path))["Currency"] is None


def test_promotions_single_or_repeated_keep_every_id_and_add_up(tmp_path: Path) -> None:
    promotions = (
        "<Promotion><PromotionIDs>P-1, P-2</PromotionIDs>"
        "<ItemPromotionDiscount>1.10</ItemPromotionDiscount></Promotion>"
        "<Promotion><PromotionIDs>P-3</PromotionIDs>"
        "<ItemPromotionDiscount>2.20</ItemPromotionDiscount>"
        "<ShipPromotionDiscount>0.5</ShipPromotionDiscount></Promotion>"
    )
    (line,) = read_items(document(tmp_path, order(item(inner=promotions))))
    assert line["Promotion"] == {
        "PromotionIDs": ["P-1", "P-2", "P-3"],
        "ItemPromotionDiscount": "3.30",
        "ShipPromotionDiscount": "0.5",
    }


def test_city_state_and_postal_code_are_not_even_read(tmp_path: Path) -> None:
    address = (
        "<FulfillmentData><Address><City>MIAMI</City><State>FL</State><PostalCode>33195</PostalCode>"
        "<Country>US</Country></Address></FulfillmentData><BuyerName>Jane Doe</BuyerName>"
    )
    (only,) = read_orders(document(tmp_path, order(item(), extra=address)))
    assert only["FulfillmentData"] == {"Address": {"Country": "US"}}
    assert "BuyerName" not in only


def test_only_recipients_tell_where_an_order_went(tmp_path: Path) -> None:
    address = (
        "<LastUpdatedDate>2026-11-03T10:00:11+00:00</LastUpdatedDate><FulfillmentData><Address>"
        "<City>MIAMI</City><PostalCode> 33195 </PostalCode></Address></FulfillmentData>"
    )
    spool = document(tmp_path, order(item("A", "1"), extra=address) + order(order_id="111-2"))
    assert list(read_recipients(spool)) == [
        {
            "AmazonOrderID": "111-1",
            "LastUpdatedDate": "2026-11-03T10:00:11+00:00",
            "City": "MIAMI",
            "PostalCode": "33195",
        }
    ]
    assert "33195" not in str([*read_orders(spool), *read_items(spool)])


def test_an_element_that_repeats_becomes_a_list(tmp_path: Path) -> None:
    extra = "<Note>a</Note><Note>b</Note><Note>c</Note>"
    (only,) = read_orders(document(tmp_path, order(item(), extra=extra)))
    assert only["Note"] == ["a", "b", "c"]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "Shift_JIS"])
def test_the_encoding_is_that_of_the_prolog(tmp_path: Path, encoding: str) -> None:
    name = "日本の茶" if encoding == "Shift_JIS" else "Käse &amp; Öl"
    inner = f"<ProductName>{name}</ProductName>"
    path = document(tmp_path, order(item(inner=inner)), encoding=encoding)
    (line,) = read_items(path)
    assert line["ProductName"] == name.replace("&amp;", "&")


def test_an_envelope_without_orders_is_empty_and_no_error(tmp_path: Path) -> None:
    assert list(read_orders(document(tmp_path, ""))) == []


def test_a_document_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MalformedResponse, match="not whole XML"):
        document(tmp_path, order(item(code="1")) + "<Message><Order><Amazon", tail="")


def test_a_document_that_ends_between_two_orders_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MalformedResponse, match="not whole XML"):
        document(tmp_path, order(item(code="1")), tail="")


def test_another_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xml"
    path.write_bytes(b"<html><body>Service unavailable</body></html>")
    with pytest.raises(MalformedResponse, match="<html>"):
        spooled(path)


def test_an_external_entity_is_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    path = tmp_path / "orders.xml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE AmazonEnvelope [<!ENTITY x SYSTEM "{secret}">]>'
        f"{HEAD}{order(item(inner='<ProductName>&x;</ProductName>'))}{TAIL}"
    )
    assert "hidden" not in spooled(path).read_text()


def test_an_amount_that_is_no_number_is_an_error_when_it_must_be_added(tmp_path: Path) -> None:
    prices = price(("Principal", "1"), ("Principal", "one"))
    with pytest.raises(MalformedResponse, match="'one'"):
        document(tmp_path, order(item(inner=prices)))


def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    one = order(item(code="1", inner="<ProductName>" + "x" * 2000 + "</ProductName>"))

    def peak(orders: int) -> int:
        """Peak KiB of a process that reads so many orders: only there libxml2's part is seen."""
        script = (
            "import resource, sys; from pathlib import Path; "
            "from tap_amazon_sp.orders_xml import read_items, spool_orders; "
            "xml, spool = map(Path, sys.argv[1:3]); spool_orders(xml, spool); "
            "assert sum(1 for _ in read_items(spool)) == int(sys.argv[3]); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        path = tmp_path / "orders.xml"
        path.write_text(HEAD + one * orders + TAIL)
        command = [sys.executable, "-c", script, path, tmp_path / "spool", str(orders)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert peak(15_000) - peak(10) < 5_000  # the long document has 32 MB
