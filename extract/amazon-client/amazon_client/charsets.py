"""Which charset a document is in, and its text.

Amazon declares it in the download's Content-Type, or nowhere, and is not always right.
"""

from __future__ import annotations

import codecs
import logging
from pathlib import Path
from typing import TextIO

from amazon_client.downloads import Document

logger = logging.getLogger(__name__)

_CHUNK = 1 << 20
_PYTHON_NAMES = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "windows-31j": "cp932",
    "shift_jis": "cp932",  # Amazon means Microsoft's, which has more characters
    "shift-jis": "cp932",
    "sjis": "cp932",
}


def charset_of(document: Document, *, fallback: str = "cp1252") -> str:
    """The Python codec that fits a document.

    The declared charset comes first (`Cp1252`, `windows-31j` and `Shift_JIS` by their Python
    names), then UTF-8, then `fallback`. One that does not fit the bytes is passed over, with a
    warning where it was declared.

    Args:
        document: from `download`.
        fallback: for bytes that are neither as declared nor UTF-8: cp932 for Japan.
    """
    declared = (document.charset or "").lower()
    for name in dict.fromkeys((_PYTHON_NAMES.get(declared, declared), "utf-8-sig", fallback)):
        if name and _fits(document.path, name):
            if declared and name != _PYTHON_NAMES.get(declared, declared):
                logger.warning("%s is declared as %s but is %s", document.path.name, declared, name)
            return name
    logger.warning(
        "%s is in no known charset; unreadable characters are replaced", document.path.name
    )
    return fallback


def open_text(document: Document, *, fallback: str = "cp1252") -> TextIO:
    """A document's text, newlines untouched and without a byte-order mark; close it after use.

    Args:
        document: from `download`.
        fallback: see `charset_of`.
    """
    encoding = charset_of(document, fallback=fallback)
    return document.path.open("r", encoding=encoding, errors="replace", newline="")


def _fits(path: Path, name: str) -> bool:
    try:
        decoder = codecs.getincrementaldecoder(name)()
    except LookupError:
        return False
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
