"""Sending one request, with failures of the connection told without the address they happened at.

The exceptions of `requests` and `urllib3` quote whole URLs, presigned ones included. None of them
leaves this module, not even as the context of another: each failure is raised anew, outside the
handler that caught the original.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests
import urllib3

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and without a byte of the answer, after which a request is given up."""


class TransportFailure(Exception):
    """No whole answer came: timeout, reset, refused, TLS, cut short. Safe to print."""


class BrokenOff(TransportFailure):
    """An answer began and did not end."""


def send(
    session: requests.Session,
    method: str,
    url: str,
    *,
    timeout: tuple[float, float] = TIMEOUT,
    **kwargs: Any,
) -> requests.Response:
    """Send one request and return its answer, of any status.

    Redirects are not followed unless asked for: no API of Amazon's uses them, and a followed one
    would carry the token to another host.

    Raises:
        TransportFailure: there was no whole answer.
        ReadOnlyViolation: the request is not on the allow-list; nothing was sent.
    """
    kwargs.setdefault("allow_redirects", False)
    try:
        return session.request(method, url, timeout=timeout, **kwargs)
    except requests.exceptions.ChunkedEncodingError:
        failure: TransportFailure = BrokenOff("the answer broke off")
    except requests.RequestException as error:
        failure = TransportFailure(_in_words(error))
    raise failure


def raw_chunks(response: requests.Response, size: int = 1 << 16) -> Iterator[bytes]:
    """The bytes of a streamed answer as they come over the wire, not decompressed.

    Raises:
        BrokenOff: the connection ended or paused too long before Content-Length, or before the
            last chunk of a chunked answer.
    """
    received = 0
    try:
        for chunk in response.raw.stream(size, decode_content=False):
            received += len(chunk)
            yield chunk
    except (urllib3.exceptions.HTTPError, OSError) as error:
        failure = type(error).__name__
    else:
        return
    raise BrokenOff(f"the answer broke off after {received} bytes ({failure})")


def _in_words(error: requests.RequestException) -> str:
    kinds: dict[type[requests.RequestException], str] = {
        requests.ConnectTimeout: "no connection in time",
        requests.Timeout: "no answer in time",
        requests.exceptions.SSLError: "no secure connection",
        requests.exceptions.ProxyError: "the proxy does not answer",
        requests.ConnectionError: "the connection broke or was refused",
    }
    for kind, words in kinds.items():
        if isinstance(error, kind):
            return words
    return f"the request failed ({type(error).__name__})"
