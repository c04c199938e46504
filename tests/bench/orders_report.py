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

import argparse
import gzip
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

STREAMS = ("orders_bulk", "order_items_bulk")
PARTS = ("order_promotions_bulk", "order_item_proceeds_bulk", "order_item_taxes_bulk")
REPORT = "/sp/na/reports/2021-06-30"
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


def serve(document: str, ready: Any) -> None:
    """Answer as Amazon would: every report is done at once, the first one has the document."""
    created: list[str] = []

    def answer(method: str, path: str) -> Any:
        if path == "/auth/o2/token":
            return {"access_token": "Atza|bench", "token_type": "bearer", "expires_in": 3600}
        if path.endswith("/marketplaceParticipations"):
            marketplace = {"id": "ATVPDKIKX0DER", "name": "Amazon.com", "countryCode": "US"}
            participation = {"isParticipating": True, "hasSuspendedListings": False}
            return {"payload": [{"marketplace": marketplace, "participation": participation}]}
        if method == "POST":
            created.append(f"R{len(created)}")
            return {"reportId": created[-1]}
        if "/documents/" in path:
            url = f"http://127.0.0.1:{server.server_port}/document"
            return {"reportDocumentId": "D", "url": url, "compressionAlgorithm": "GZIP"}
        report_id = path.rsplit("/", 1)[-1]
        done = {"processingStatus": "DONE", "reportDocumentId": "D"}
        end = done if report_id == "R0" else {"processingStatus": "CANCELLED"}
        return {"reportId": report_id, "createdTime": "2026-11-24T18:00:00Z", **end}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            self.send_response(200)
            if path == "/document":
                self.send_header("Content-Type", "text/xml;charset=UTF-8")
                self.send_header("Content-Length", str(os.path.getsize(document)))
                self.end_headers()
                with open(document, "rb") as file:
                    shutil.copyfileobj(file, self.wfile)
                return
            content = json.dumps(answer(self.command, path)).encode()
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = serve

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_port)
    server.serve_forever()


def run_tap(folder: Path, port: int, streams: Sequence[str]) -> tuple[float, float, float, int]:
    """Run the tap; returns its CPU seconds, wall seconds, peak MB and number of records."""
    command = [sys.executable, "-m", "tap_amazon_sp.tap"]
    config = {
        "client_id": "bench",
        "client_secret": "bench",
        "accounts": [{"region": "na", "refresh_token": "Atzr|bench", "selling_partner_id": "A1"}],
        "api_url": f"http://127.0.0.1:{port}/sp/{{region}}",
        "auth_url": f"http://127.0.0.1:{port}/auth/o2/token",
        "as_of": "2026-11-24T18:00:00Z",
        "start_date": "2026-11-20",
        "cadence": "first_sync",
        "orders_source": "report",
        "journal_path": str(folder / "journal.db"),
        "work_dir": str(folder),
        "report_poll_seconds": 0.1,
    }
    (folder / "config.json").write_text(json.dumps(config))
    arguments = ["--config", str(folder / "config.json")]
    catalog = json.loads(subprocess.check_output([*command, *arguments, "--discover"]))
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = stream["tap_stream_id"] in streams
    (folder / "catalog.json").write_text(json.dumps(catalog))
    arguments += ["--catalog", str(folder / "catalog.json")]
    started, log = time.monotonic(), (folder / "tap.log").open("wb")
    with (folder / "records").open("wb") as sink, log:
        tap = subprocess.Popen([*command, *arguments], stdout=sink, stderr=log)
        _, status, usage = os.wait4(tap.pid, 0)
    wall = time.monotonic() - started
    if status:
        raise SystemExit((folder / "tap.log").read_text()[-3000:])
    with (folder / "records").open("rb") as lines:
        records = sum(line.startswith(b'{"type":"RECORD"') for line in lines)
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return usage.ru_utime + usage.ru_stime, wall, peak, records


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--orders", type=int, help="how many orders the report has")
    parser.add_argument("--megabytes", type=int, help="or how large it is, unpacked")
    parser.add_argument("--parts", action="store_true", help="select the parts of lines as well")
    wanted = parser.parse_args()
    streams = (*STREAMS, *PARTS) if wanted.parts else STREAMS
    count = wanted.orders or (None if wanted.megabytes else 100_000)
    size = wanted.megabytes * 2**20 if wanted.megabytes else None
    with tempfile.TemporaryDirectory(prefix="bench-orders-") as name:
        folder = Path(name)
        written, unpacked = write_report(folder / "report.xml.gz", count, size)
        receiver, sender = multiprocessing.Pipe(duplex=False)
        arguments = (str(folder / "report.xml.gz"), sender)
        server = multiprocessing.Process(target=serve, args=arguments, daemon=True)
        server.start()
        try:
            cpu, wall, peak, records = run_tap(folder, receiver.recv(), streams)
        finally:
            server.terminate()
    print(f"date                    {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    print(f"report                  {written:,} orders, {unpacked / 2**20:,.0f} MB unpacked")
    print(f"records                 {records:,} of {len(streams)} streams")
    print(f"CPU seconds of the tap  {cpu:.2f} (wall {wall:.2f})")
    print(f"orders per CPU second   {written / cpu:,.0f} (bar 4,000)")
    print(f"peak memory             {peak:,.0f} MB (bar 200)")


if __name__ == "__main__":
    main()
