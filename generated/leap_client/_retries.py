# Generated from openapi.yaml by `make generate`. Do not edit.
"""The retry policy: what may be sent again, and when."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import httpx

from ._answers import beginning
from ._faults import BASE_URL, as_httpx, forget_frames, remedy
from ._token import Token
from .errors import ConnectionFailed, RequestTimeout, path_of, retry_after

logger = logging.getLogger(__package__)

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
TRANSIENT = frozenset({408, 500, 502, 503, 504, *range(520, 525)})
TOO_MANY_REQUESTS = 429
NOT_FOUND = 404
FIRST_ERROR = 400
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 8.0
LONGEST_RETRY_AFTER = 60.0
NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
# No connection was made, or none was free; with any other error the request may have reached the server.
NEVER_SENT = (*NEVER_CONNECTED, httpx.PoolTimeout)
PACKAGE = Path(__file__).parent
# A 404 with this mark means that an earlier attempt to delete did its work.
GONE = "already_deleted"


class RetryPolicy:
    """Decides after each attempt of one request whether there is another, and when.

    Args:
        request: The request.
        max_retries: How many attempts may follow the first one.
        place: Where the caller has the address of the server from.
    """

    def __init__(self, request: httpx.Request, max_retries: int, place: str = BASE_URL) -> None:
        self._request = request
        self._place = place
        self._left = max_retries
        self._backoff = FIRST_BACKOFF
        self._maybe_sent = False

    def after_error(self, error: httpx.RequestError, received: bytes = b"") -> float:
        """Decide after an attempt that got no complete answer.

        Args:
            error: What httpx raised.
            received: What came of the body of a success.

        Returns:
            Seconds to wait before the next attempt.

        Raises:
            ConnectionFailed: There is no other attempt.
            RequestTimeout: There is no other attempt, and the last one took too long.
        """
        forget_frames(error)
        sent = not isinstance(error, NEVER_SENT)
        self._maybe_sent = self._maybe_sent or sent
        repeatable = not sent or self._request.method in IDEMPOTENT
        at_fault = isinstance(error, (httpx.LocalProtocolError, httpx.UnsupportedProtocol))
        if repeatable and not at_fault:
            delay = self._next(type(error).__name__, None)
            if delay is not None:
                return delay
        error.request = self._request
        failure = self._failure(error)
        if self._request.method not in IDEMPOTENT:
            failure.job = beginning(received)
        raise failure from error

    def after_answer(self, response: httpx.Response) -> float | None:
        """Decide after an attempt that got an answer.

        Args:
            response: The answer.

        Returns:
            Seconds to wait before the next attempt; None if the answer is final.
        """
        status = response.status_code
        if status < FIRST_ERROR:
            return None
        if status == NOT_FOUND and self._maybe_sent and self._request.method == "DELETE":
            response.extensions[GONE] = True
            return None
        if status != TOO_MANY_REQUESTS:
            if status not in TRANSIENT or self._request.method not in IDEMPOTENT:
                return None
            self._maybe_sent = True
        return self._next(str(status), retry_after(response.headers))

    def _next(self, reason: str, asked: float | None) -> float | None:
        if self._left <= 0 or (asked is not None and asked > LONGEST_RETRY_AFTER):
            return None
        # Jitter keeps clients that failed together from coming back together.
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - nobody gains from guessing a delay
        delay = asked if asked is not None else self._backoff * jitter
        self._left -= 1
        self._backoff = min(2 * self._backoff, LONGEST_BACKOFF)
        logger.info("%s %s: %s, next attempt in %.2f s", self._request.method, path_of(self._request), reason, delay)
        return delay

    def _failure(self, error: httpx.RequestError) -> ConnectionFailed | RequestTimeout:
        request = self._request
        late = isinstance(error, httpx.TimeoutException)
        detail = str(error).rstrip(".") or type(error).__name__
        if isinstance(error, NEVER_CONNECTED):
            what, where = "could not connect", "to"
        else:
            what, where = f"got no complete answer{' in time' if late else ''}", "from"
        logger.info("%s %s %s: %s", request.method, path_of(request), what, detail)
        message = f"{request.method} {path_of(request)} {what} {where} {request.url.netloc.decode()}: {detail}"
        if self._maybe_sent and request.method not in IDEMPOTENT:
            message += ". The request may have taken effect, so it was not sent again"
        elif isinstance(error, NEVER_SENT) and (advice := remedy(error, self._place)):
            message += f". {advice}"
        elif isinstance(error, httpx.ReadTimeout):
            message += ". Allow more time with `timeout`, if the server needs it"
        cls = RequestTimeout if late else ConnectionFailed
        return cls(message, request=request, maybe_sent=self._maybe_sent)


def leave(error: BaseException, request: httpx.Request, token: Token | None) -> httpx.RequestError:
    """Let an error out of an attempt, without the token: neither in its words nor in the frames of its traceback.

    Args:
        error: What a transport raised, or what interrupted it.
        request: The request, without the token.
        token: The token.

    Returns:
        What httpx raises when no answer came.

    Raises:
        BaseException: The same error, if it is about no connection.
    """
    place = _place(error)
    forget_frames(error)
    fault = as_httpx(error) if isinstance(error, Exception) else None
    if token is not None:
        token.redact_error(fault or error)
    if fault is not None:
        return fault
    if place:
        error.add_note(f"its traceback is left out, because it holds the request; it ends {place}")
        if request.method not in IDEMPOTENT:
            error.add_note(f"{request.method} {path_of(request)} was interrupted; the request may have taken effect")
    raise error


def _place(error: BaseException) -> str:
    """Return where an error was raised; empty if that was in this package."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or Path(last.tb_frame.f_code.co_filename).parent == PACKAGE:
        return ""
    code = last.tb_frame.f_code
    return f"in {code.co_filename}, line {last.tb_lineno}, in {code.co_name}"
