"""How fast tap-amazon-sp makes records of the order report, and in how much memory.

    python tests/bench/orders_report.py --orders 100000
    python tests/bench/orders_report.py --orders 100000 --parts
    python tests/bench/orders_report.py --megabytes 1024

Writes a report of the wanted size, serves it from a process of its own as Amazon would (sign-in,
participations, report, document), runs the tap on it and prints CPU time and peak memory of the
tap's process alone; `--parts` selects the lines' promotions, price components and taxes as well.
Bars: 4,000 orders with their items per CPU second; 200 MB on a 1 GB report.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import MEGABYTE, measure, parser, served, settings, tell
from pipeline import SP

STREAMS = ("orders_bulk", "order_items_bulk")
PARTS = ("order_promotions_bulk", "order_item_proceeds_bulk", "order_item_taxes_bulk")
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
<Header><DocumentVersion>1.00</DocumentVersion></Header><MessageType>AllOrdersReport</MessageType>
"""
ORDER = """<Message><Order><AmazonOrderID>{order_id}</AmazonOrderID>\
<MerchantOrderID>{order_id}</MerchantOrderID><PurchaseDate>2026-11-02T04:06:06+00:00</PurchaseDate>\
<LastUpdatedDate>2026-11-03T10:00:11+00:00</LastUpdatedDate><OrderStatus>Shipped</OrderStatus>\
<SalesChannel>Amazon.com</SalesChannel><FulfillmentData><FulfillmentChannel>Amazon\
</FulfillmentChannel><ShipServiceLevel>SecondDay</ShipServiceLevel><Address><City>MIAMI</City>\
<State>FL</State><PostalCode>33195-2855</PostalCode><Country>US</Country></Address>\
</FulfillmentData><IsBusinessOrder>false</IsBusinessOrder>{items}</Order></Message>
"""
ITEM = """<OrderItem><AmazonOrderItemCode>{code}</AmazonOrderItemCode><ASIN>B0{sku:08d}</ASIN>\
<SKU>SKU-{sku}</SKU><ItemStatus>Shipped</ItemStatus><ProductName>A product &amp; its long title, \
number {sku}, as real titles are: 100 ml, pack of two</ProductName><Quantity>1</Quantity>\
<ItemPrice>\
<Component><Type>Principal</Type><Amount currency="USD">50.0</Amount></Component><Component>\
<Type>Tax</Type><Amount currency="USD">4.13</Amount></Component><Component><Type>Shipping</Type>\
<Amount currency="USD">4.99</Amount></Component></ItemPrice><Promotion><PromotionIDs>PAWS-V2-1\
</PromotionIDs><ItemPromotionDiscount>1.00</ItemPromotionDiscount></Promotion></OrderItem>"""


def orders() -> Iterator[str]:
    """Orders without end; five have seven lines."""
    number = 0
    while True:
        lines = 2 if number % 5 < 2 else 1
        items = (ITEM.format(code=10**13 + number * 10 + n, sku=number % 300) for n in range(lines))
        yield ORDER.format(order_id=f"111-{number:07d}-1111111", items="".join(items))
        number += 1


def write_report(path: Path, count: int | None, size: int | None) -> tuple[int, int]:
    """Write `count` orders, or as many as fill `size` bytes; returns orders and bytes."""
    written = bytes_ = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        bytes_ += file.write(HEAD)
        for order in orders():
            if written == count or (size is not None and bytes_ >= size):
                break
            bytes_ += file.write(order)
            written += 1
        bytes_ += file.write("</AmazonEnvelope>\n")
    return written, bytes_


class Amazon:
    """Answers as Amazon would: every report is done at once, the first one has the document."""

    def __init__(self) -> None:
        """No report has been asked for."""
        self.created: list[str] = []

    def __call__(self, method: str, path: str, address: str) -> Any:
        """The answer to a call."""
        if path.endswith("/marketplaceParticipations"):
            marketplace = {"id": "ATVPDKIKX0DER", "name": "Amazon.com", "countryCode": "US"}
            participation = {"isParticipating": True, "hasSuspendedListings": False}
            return {"payload": [{"marketplace": marketplace, "participation": participation}]}
        if method == "POST":
            self.created.append(f"R{len(self.created)}")
            return {"reportId": self.created[-1]}
        if "/documents/" in path:
            url = f"{address}/document"
            return {"reportDocumentId": "D", "url": url, "compressionAlgorithm": "GZIP"}
        report_id = path.rsplit("/", 1)[-1]
        done = {"processingStatus": "DONE", "reportDocumentId": "D"}
        end = done if report_id == "R0" else {"processingStatus": "CANCELLED"}
        return {"reportId": report_id, "createdTime": "2026-11-24T18:00:00Z", **end}


def main() -> None:
    """Measure once and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--orders", type=int, help="how many orders the report has")
    arguments.add_argument("--megabytes", type=int, help="or how large it is, unpacked")
    arguments.add_argument("--parts", action="store_true", help="select the parts of lines as well")
    wanted = arguments.parse_args()
    streams = (*STREAMS, *PARTS) if wanted.parts else STREAMS
    count = wanted.orders or (None if wanted.megabytes else 100_000)
    size = wanted.megabytes * MEGABYTE if wanted.megabytes else None
    with tempfile.TemporaryDirectory(prefix="bench-orders-") as name:
        folder, document = Path(name), Path(name) / "report.xml.gz"
        written, unpacked = write_report(document, count, size)
        account = {"region": "na", "refresh_token": "Atzr|bench", "selling_partner_id": "A1"}
        more: dict[str, Any] = {"start_date": "2026-11-20", "orders_source": "report"}
        with served(document, "text/xml;charset=UTF-8", Amazon()) as address:
            given = settings(SP, folder, address, accounts=[account], **more)
            cost = measure(SP, folder, given, streams)
    tell(
        [
            ("report", f"{written:,} orders, {unpacked / MEGABYTE:,.0f} MB unpacked"),
            ("records", f"{cost.records:,} of {len(streams)} streams and report_runs"),
            ("CPU seconds of the tap", f"{cost.cpu:.2f} (wall {cost.wall:.2f})"),
            ("orders per CPU second", f"{written / cost.cpu:,.0f} (bar 4,000)"),
            ("peak memory", f"{cost.peak:,.0f} MB (bar 200)"),
        ]
    )


if __name__ == "__main__":
    main()
