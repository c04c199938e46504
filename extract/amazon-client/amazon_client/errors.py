"""What can go wrong with Amazon, told apart by what the reader has to do about it.

`AmazonError` and its kinds carry a message, a remedy in words, Amazon's request id, the HTTP
status and Amazon's code. None of them ever carries a token, a secret or a presigned URL.
"""

from __future__ import annotations

from typing import ClassVar


class AmazonError(Exception):
    """Something about Amazon failed; `str()` says what, the request id and the remedy."""

    default_remedy: ClassVar[str] = ""
    exit_code: ClassVar[int] = 1
    """What a command that ends because of this returns to its caller."""

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        request_id: str | None = None,
        status: int | None = None,
        code: str | None = None,
    ) -> None:
        """Describe a failure.

        Args:
            message: what failed, in a sentence without its full stop.
            remedy: what to do; None for the kind's usual one.
            request_id: Amazon's id of the request, for a support case.
            status: HTTP status of the answer, if there was one.
            code: Amazon's own code, such as QuotaExceeded.
        """
        super().__init__(message)
        self.message = message
        self.remedy = self.default_remedy if remedy is None else remedy
        self.request_id = request_id
        self.status = status
        self.code = code

    @property
    def facts(self) -> str:
        """One sentence: message, status, code, request id."""
        known = [
            f"HTTP {self.status}" if self.status else "",
            self.code if self.code and self.code != str(self.status) else "",
            f"request id {self.request_id}" if self.request_id else "",
        ]
        shown = ", ".join(fact for fact in known if fact)
        message = self.message.rstrip(".")
        return f"{message} ({shown})." if shown else f"{message}."

    def __str__(self) -> str:
        """The facts and the remedy in one line."""
        return f"{self.facts} {self.remedy}".rstrip()


class ConfigurationError(AmazonError):
    """A setting is missing or wrong."""

    default_remedy = "Correct the setting and run again."
    exit_code = 2


class NeedsReauth(AmazonError):
    """The authorisation was revoked or has expired (LWA `invalid_grant`)."""

    default_remedy = "Authorise the account again and use the new refresh token."
    exit_code = 3


class BadClient(AmazonError):
    """The application itself is refused (LWA `invalid_client`, `unauthorized_client`)."""

    default_remedy = (
        "Check client_id and client_secret; a client secret of the Selling Partner API expires "
        "180 days after it was made and must then be rotated."
    )
    exit_code = 4


class AccessDenied(AmazonError):
    """Signed in, but not allowed to read this: a role, a marketplace, a profile or a region."""

    default_remedy = (
        "Check that the application has the role this needs and that the account, marketplace or "
        "profile belongs to this region; after adding a role the account must authorise again."
    )


class NoAdvertisingProfile(AccessDenied):
    """The login sees no advertising profile that can be used."""

    default_remedy = (
        "In Seller Central open Settings → User Permissions, enable Advertising for this user, "
        "and connect again."
    )


class InvalidRequest(AmazonError):
    """Amazon refuses the request as such (400, 405, 406, 409, 413, 415, 422): never retried."""

    default_remedy = "This is a fault of the connector or of a setting, repeating does not help."


class DuplicateRequest(AmazonError):
    """Amazon is already working on the same request (425); the message names its id."""

    default_remedy = "Wait for the request that the message names."


class NotFound(AmazonError):
    """There is nothing under this id, or no longer (404, 410)."""

    default_remedy = "Request it anew."


class Throttled(AmazonError):
    """Still refused for its rate (429) after all the waiting that is allowed."""

    default_remedy = "Run again later; another program may be using the same application."
    retry_after: float = 0.0
    """Seconds that Amazon asked to wait; 0 where it did not say."""


class ServerUnavailable(AmazonError):
    """Amazon did not answer, or with 5xx, as often as was tried."""

    default_remedy = "Run again later; finished work is kept."


class ReadOnlyViolation(AmazonError):
    """A request that could change something was stopped before a byte was sent."""

    default_remedy = "Only reading is allowed; this is a fault of the connector."


class MalformedResponse(AmazonError):
    """Amazon answered something that is not what its contract promises."""

    default_remedy = "Run again later; if it stays, report it with the request id."


class TruncatedDownload(AmazonError):
    """A document arrived cut short, each time it was tried."""

    default_remedy = "Run again; nothing of the cut document was used."


class ReportFailed(AmazonError):
    """Amazon could not make a report."""

    default_remedy = "Run again; the report is then asked for anew."


class ReportExpired(AmazonError):
    """A report or its document is no longer kept, or its address is refused each time."""

    default_remedy = "Run again; the report is then asked for anew."
