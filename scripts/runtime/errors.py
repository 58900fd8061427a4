"""Everything that can go wrong with a call, as one tree.

```text
ServiceError
├── ApiError                 the server refused the request or failed on it
│   ├── BadRequestError      400, 422
│   ├── AuthenticationError  401
│   ├── PaymentRequiredError 402
│   ├── PermissionDeniedError 403
│   ├── NotFoundError        404
│   ├── RateLimitError       429
│   └── ServerError          500 and above
├── DecodeError              a success that cannot be read; also a ValueError
├── ConnectionFailed         no answer came; also a ConnectionError
├── RequestTimeout           no complete answer came in time; also a TimeoutError
├── JobFailed                a job ended in failure
└── JobTimeout               a job did not end in time; also a TimeoutError
```

An invalid argument is not in the tree: it is a `ValueError` or a `TypeError`, and nothing was sent.
"""

from __future__ import annotations

import email.utils
import json
import reprlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import Any, ClassVar

import httpx

from . import _spec

# The properties of an error body that may hold the message for people, the likeliest first.
_MESSAGE_NAMES = ("message", "detail", "title", "error")


class ServiceError(Exception):
    """Any error of this package.

    It can be pickled, and made anew from its `args` alone, which JSON can hold: what a task queue keeps of an error
    says the same, though `request` is missing then, and `job` is None.

    Attributes:
        job: The job that the call was about, as last seen; None where there is none. Where the answer to a submission
            cannot be read as a job, it is the JSON of that answer.
    """

    job: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(cls: type[ServiceError], args: tuple[Any, ...], state: dict[str, Any]) -> ServiceError:
    """Make an error anew from what was pickled, whatever the arguments of its class are."""
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ApiError(ServiceError):
    """The server refused the request or failed on it.

    Attributes:
        status_code: The HTTP status.
        message: What the server said about it, in one line; empty if it said nothing that can be read.
        body: The body, parsed if it is JSON, else its bytes.
        headers: The response headers.
        request_id: What the server calls the request in its own logs; None if it did not say.
        request: The request, without the token.
        elapsed: Time from sending the request to having the whole answer, of the last attempt.
    """

    _next_step: ClassVar[str] = ""
    request: httpx.Request

    def __init__(  # noqa: PLR0913 - what is known of an answer
        self,
        status_code: int,
        message: str = "",
        said: str = "",
        *,
        body: Any = None,
        headers: httpx.Headers | None = None,
        request: httpx.Request | None = None,
        elapsed: timedelta | None = None,
    ) -> None:
        self.status_code = status_code
        self.message = message
        self.body = body
        self.headers = httpx.Headers() if headers is None else headers
        self.request_id = next((self.headers[name] for name in _REQUEST_ID_HEADERS if name in self.headers), None)
        if request is not None:
            self.request = request
        self.elapsed = timedelta() if elapsed is None else elapsed
        super().__init__(status_code, message, said or self._said())

    def _said(self) -> str:
        request = vars(self).get("request")
        asked = f"{request.method} {path_of(request)}" if request else "the server"
        hint = self._hint() if request else ""
        return f"{_answered(asked, self.status_code, self.message, self.request_id)}{'. ' if hint else ''}{hint}"

    def __str__(self) -> str:
        return str(self.args[2])

    def _hint(self) -> str:
        return self._next_step


class BadRequestError(ApiError):
    """The server found the request itself at fault (400, 422)."""


class AuthenticationError(ApiError):
    """The server does not know the token (401)."""

    _next_step = (
        f"Check the token: the argument `token`, or the variable {_spec.TOKEN_VARIABLE}" if _spec.TOKEN_HEADER else ""
    )


class PaymentRequiredError(ApiError):
    """The account does not cover the request (402)."""

    _next_step = "Check the balance and the limits of the account"


class PermissionDeniedError(ApiError):
    """The token is known but may not do this (403)."""


class NotFoundError(ApiError):
    """What the request names does not exist (404)."""

    _next_step = "Check the ids in the path"


class RateLimitError(ApiError):
    """Too many requests (429)."""

    @cached_property
    def retry_after(self) -> float | None:
        """Seconds from the answer on after which the server wants the next request; None if it did not say."""
        return retry_after(self.headers)

    def _hint(self) -> str:
        wait = self.retry_after
        return "" if wait is None else f"The server asks to wait {wait:g} s"


class ServerError(ApiError):
    """The server failed (500 and above)."""

    def _hint(self) -> str:
        if self.request.method in {"POST", "PATCH"}:
            return "The request may have taken effect, so it was not sent again"
        return ""


class DecodeError(ServiceError, ValueError):
    """A success that cannot be read.

    Attributes:
        field: Where in the body the fault is, for instance `items[2].name`; empty for the body as a whole.
        reason: What is wrong there, without the value that came, unless it was read strictly.
        response: The answer, with its status, headers and bytes; None if what was read was no answer, or was pickled.
    """

    response: httpx.Response | None = None

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(field, reason)

    def __str__(self) -> str:
        where = self.field or "the body"
        if self.response is None:
            return f"{where} {self.reason}"
        request = self.response.request
        return f"{request.method} {path_of(request)} answered {self.response.status_code}, but {where} {self.reason}"


class ConnectionFailed(ServiceError, ConnectionError):  # noqa: N818 - ConnectionError is Python's own
    """No answer came; the cause is the error of httpx.

    Attributes:
        request: The request, without the token.
        maybe_sent: Whether the request may have reached the server.
    """

    request: httpx.Request

    def __init__(self, message: str, *, request: httpx.Request | None = None, maybe_sent: bool = True) -> None:
        if request is not None:
            self.request = request
        self.maybe_sent = maybe_sent
        super().__init__(message)


class RequestTimeout(ServiceError, TimeoutError):  # noqa: N818 - as TimeoutException of httpx
    """No complete answer came in time; the cause is the error of httpx.

    Attributes:
        request: The request, without the token.
        maybe_sent: Whether the request may have reached the server.
    """

    request: httpx.Request

    def __init__(self, message: str, *, request: httpx.Request | None = None, maybe_sent: bool = True) -> None:
        if request is not None:
            self.request = request
        self.maybe_sent = maybe_sent
        super().__init__(message)


class JobFailed(ServiceError):  # noqa: N818 - the job failed, the call did not
    """A job ended in failure; see `job`."""

    def __init__(self, message: str, job: Any = None) -> None:
        self.job = job
        super().__init__(message)


class JobTimeout(ServiceError, TimeoutError):  # noqa: N818 - as RequestTimeout
    """A job did not end in time; `job` is how it was last seen, None if it never was."""

    def __init__(self, message: str, job: Any = None) -> None:
        self.job = job
        super().__init__(message)


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    422: BadRequestError,
    429: RateLimitError,
}
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "x-trace-id", "cf-ray")
_LONGEST_MESSAGE, _LONGEST_VALUE = 500, 100
A_YEAR = 365 * 86400.0
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def api_error(response: httpx.Response, content: bytes, elapsed: timedelta, *, elsewhere: bool = False) -> ApiError:
    """Make the error of an answer that is none of success.

    Args:
        response: The answer.
        content: Its body, redacted of secrets.
        elapsed: How long it took.
        elsewhere: Whether another server than the API's gave it, which knows nothing of tokens and accounts.

    Returns:
        The error, of the class that its status asks for.
    """
    status = response.status_code
    cls = _BY_STATUS.get(status) or (ServerError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ApiError)
    body: Any = content
    with suppress(ValueError, RecursionError):  # an error page, or nothing at all: the bytes stay
        body = json.loads(content)
    message = _message(body)
    if response.has_redirect_location:
        message = f"it redirects to {_line(response.headers['location'])}, and no redirect is followed"
    request, said = response.request, ""
    if elsewhere:
        said = _answered(f"{request.method} {request.url.host}{path_of(request)}", status, message, None)
    return cls(status, message, said, body=body, headers=response.headers, request=request, elapsed=elapsed)


def _answered(asked: str, status: int, message: str, request_id: str | None) -> str:
    words = f": {_shortened(message, _LONGEST_MESSAGE).rstrip('.')}" if message else ""
    name = f" (request id {_shortened(_line(request_id), _LONGEST_VALUE)})" if request_id else ""
    return f"{asked} answered {status}{_phrase(status)}{name}{words}"


def _message(body: Any) -> str:
    """Find the words for people in the body of an error."""
    if isinstance(body, str):
        return _line(body)
    for name in _MESSAGE_NAMES if isinstance(body, dict) else ():
        if value := body.get(name):
            return "; ".join(_line(each) for each in (value if isinstance(value, list) else [value]))
    return ""


def _line(value: object) -> str:
    """Return text as one line that is safe to print to a terminal."""
    return "".join(char if char.isprintable() else "�" for char in " ".join(str(value).split()))


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def shown(value: object) -> str:
    """Return a value as code, shortened to fit into a message.

    Args:
        value: Any value.
    """
    try:
        return _shortened(_SHORT.repr(value), _LONGEST_VALUE)
    except ValueError:  # Python refuses to spell an integer of thousands of digits
        return f"a very large {type(value).__name__}"


def path_of(request: httpx.Request) -> str:
    """Return the path of a request as it was sent, escaped, so that it fills no line but its own."""
    return request.url.raw_path.partition(b"?")[0].decode("ascii")


def _phrase(status_code: int) -> str:
    try:
        return f" {HTTPStatus(status_code).phrase}"
    except ValueError:  # 520 and its like are nobody's standard
        return ""


def retry_after(headers: httpx.Headers) -> float | None:
    """Read the header Retry-After, which holds seconds or a date.

    Args:
        headers: The response headers.

    Returns:
        The seconds to wait from now, 0 for a date in the past, and at most a year, since operating systems cannot wait
        for any time; None without the header, or if it cannot be read.
    """
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value), A_YEAR)
    when = _date(value)
    if when is None:
        return None
    # The server's own clock tells best how far away its date is.
    now = _date(headers.get("date", "")) or datetime.now(UTC)
    return min(max(0.0, (when - now).total_seconds()), A_YEAR)


def _date(value: str) -> datetime | None:
    """Read a date in any of the forms that HTTP knows."""
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


__all__ = [
    "ApiError",
    "AuthenticationError",
    "BadRequestError",
    "ConnectionFailed",
    "DecodeError",
    "JobFailed",
    "JobTimeout",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequestTimeout",
    "ServerError",
    "ServiceError",
]
