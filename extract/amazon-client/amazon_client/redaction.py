"""Taking secrets out of text before it is logged or raised.

Secrets are kept out of messages in the first place; this is the net below, for text that others
wrote: Amazon's error messages and urllib3's debug log, which prints presigned URLs whole.
"""

from __future__ import annotations

import logging
import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Login with Amazon tokens (Atza access, Atzr refresh, Atc cloud), restricted data tokens.
    (re.compile(r"At(?:z[ar]|c)\|[^\s\"'<>,&]+|Atz\.sprdt\|[^\s\"'<>,&]+"), "[token]"),
    (re.compile(r"amzn1\.oa2-cs\.[\w.\-]+"), "[client secret]"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.\-|+/=]+"), r"\1 [token]"),
    # Whatever follows the question mark of a URL or path: presigned URLs carry their key there.
    (re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+"), r"\1?[query]"),
    (
        re.compile(
            r"(?i)\b((?:X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|Signature"
            r"|Key-Pair-Id|access_token|refresh_token|client_secret|spapi_oauth_code))"
            r"([\"']?\s*[=:]\s*[\"']?)[^\s\"'&<>,]+"
        ),
        r"\1\2[secret]",
    ),
)


def redact(text: str) -> str:
    """`text` without tokens, client secrets and the query part of any URL."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class RedactingFilter(logging.Filter):
    """Redacts whatever passes it; never drops a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the record's message by its redacted form."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def guard_library_logs() -> None:
    """Make the HTTP library's own debug log safe to switch on; repeating it does nothing."""
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logger = logging.getLogger(name)
        if not any(isinstance(known, RedactingFilter) for known in logger.filters):
            logger.addFilter(RedactingFilter())
