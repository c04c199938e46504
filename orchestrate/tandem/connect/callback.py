"""The page that Amazon sends the person back to: on the loopback interface, for one connection."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tandem.connect.consent import WrongState
from tandem.errors import TandemError

PATH = "/callback"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:4rem auto;padding:0 1rem;
color:#1c2430}}h1{{font-size:1.4rem}}</style></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


@dataclass
class Callback:
    """The page while it is open.

    Attributes:
        url: Its address, the redirect URI unless another one leads here.
        done: Set when an answer was taken, for good or ill.
        failure: Why the answer did not connect the store.
        message: What was told to the person.
    """

    url: str
    done: threading.Event = field(default_factory=threading.Event)
    failure: TandemError | None = None
    message: str | None = None


@contextmanager
def page(port: int, take: Callable[[Mapping[str, str]], str]) -> Iterator[Callback]:
    """Serve the page during the block.

    Args:
        port: on the loopback interface; 0 for any.
        take: what to do with an answer's parameters; returns what to tell the person.

    Raises:
        TandemError: the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path != PATH:
                self._answer(404, "Not here", "There is nothing under this address.")
                return
            try:
                told = take(dict(parse_qsl(address.query)))
            except WrongState as error:  # whoever sent it, the connection under way goes on
                self._answer(400, "Not accepted", error.message)
                return
            except TandemError as error:
                self._answer(400, "Not connected", error.message)
                callback.failure = error
            except Exception as error:
                self._answer(500, "Not connected", "Something went wrong; the terminal says what.")
                callback.failure = TandemError(f"{type(error).__name__} while connecting")
            else:
                self._answer(200, "Connected", f"{told} You can close this page.")
                callback.message = told
            callback.done.set()

        def _answer(self, status: int, title: str, text: str) -> None:
            body = _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
            self.send_response(status)
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: the address carries the code."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError:
        raise TandemError(
            f"Port {port} is taken: close what listens there, or choose another with "
            "TANDEM_CALLBACK_PORT (and register that redirect URI at Amazon)."
        ) from None
    callback = Callback(f"http://localhost:{server.server_port}{PATH}")
    thread = threading.Thread(target=server.serve_forever, daemon=True, name="callback page")
    thread.start()
    try:
        yield callback
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
