"""How a request gets to the server, and an answer back: the token, deadlines and retries.

What a client sends goes through these, the outermost first:

1. `RetryTransport` reads the whole answer and sends again what may be sent again, by the rules of `Attempts`;
2. `SignedTransport` puts the token on the request while it is on its way, and takes it off again;
3. a `Pool` of connections of our own, or what it gives of the caller's: `HastyTransport` or `ClientTransport`.

What must wait is written a second time in `_async_transport`, which loads asyncio; connections are in `_connections` and
`_async_connections`, which load httpcore. Each is loaded when a client needs it.

The token must not be found in an error, nor in what leads to one. So no variable and no attribute here holds a signed request
or an answer's way back to it (httpx and aiohttp keep the request there) for longer than it takes.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import httpx

from .errors import ConnectionFailed, RequestTimeout, path_of, retry_after

if TYPE_CHECKING:
    from ._async_connections import AsyncPool
    from ._connections import Pool
    from ._token import Token

logger = logging.getLogger(__package__)

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
TRANSIENT = frozenset({408, 500, 502, 503, 504, *range(520, 525)})
TOO_MANY_REQUESTS = 429
NOT_FOUND = 404
FIRST_ERROR = 400
FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
LONGEST_RETRY_AFTER = 60.0
# No connection was made, or none was free; with any other error the request may have reached the server.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# A 404 with this mark means that an earlier attempt to delete did its work.
GONE = "already_deleted"
NOTHING = httpx.ByteStream(b"")
TOO_LONG = "the answer took too long as a whole"
ABOUT_THE_BODY = {b"content-encoding", b"content-length", b"transfer-encoding"}


class Attempts:
    """Decides after each attempt of one request whether there is to be another, and when.

    Args:
        request: The request.
        max_retries: How many attempts may follow the first one.
    """

    def __init__(self, request: httpx.Request, max_retries: int) -> None:
        self._request = request
        self._left = max_retries
        self._backoff = FIRST_DELAY
        self._maybe_sent = False

    def after_error(self, error: httpx.RequestError) -> float:
        """Decide after an attempt that got no complete answer.

        Args:
            error: What httpx raised.

        Returns:
            Seconds to wait before the next attempt.

        Raises:
            ConnectionFailed: There is to be no other attempt.
            RequestTimeout: There is to be no other attempt, and the last one took too long.
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
        raise self._failure(error) from error

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
        delay = asked if asked is not None else self._backoff * random.uniform(0.5, 1.0)
        self._left -= 1
        self._backoff = min(2 * self._backoff, LONGEST_DELAY)
        logger.info("%s %s: %s, next attempt in %.2f s", self._request.method, path_of(self._request), reason, delay)
        return delay

    def _failure(self, error: httpx.RequestError) -> ConnectionFailed | RequestTimeout:
        request = self._request
        late = isinstance(error, httpx.TimeoutException)
        what = "no complete answer in time" if late else "no complete answer"
        detail = str(error) or type(error).__name__
        logger.debug("%s %s got %s: %s", request.method, path_of(request), what, detail)
        message = f"{request.method} {path_of(request)} got {what} from {request.url.netloc.decode()}: {detail}"
        if self._maybe_sent and request.method not in IDEMPOTENT:
            message += ". The request may have taken effect, so it was not sent again"
        cls = RequestTimeout if late else ConnectionFailed
        return cls(message, request=request, maybe_sent=self._maybe_sent)


def forget_frames(error: BaseException | None) -> None:
    """Take the tracebacks off an error and what led to it, since the variables of httpx in them hold the token."""
    if error is not None:
        error.__traceback__ = None
        forget_frames(error.__cause__)
        if error.__context__ is not error.__cause__:
            forget_frames(error.__context__)


def as_httpx(error: Exception) -> httpx.RequestError:
    """Give what httpx would have raised in the place of what a transport raised.

    httpx-aiohttp says of nearly all that happens to a connection that it could not be made in time, even of one that
    was lost after sending, and lets pass what aiohttp makes of an answer that is not HTTP. The cause is left behind,
    since aiohttp keeps the headers of the request in it.

    Args:
        error: What a transport raised.

    Returns:
        The error of httpx.

    Raises:
        Exception: The same, if it is about no connection.
    """
    aiohttp = sys.modules.get("aiohttp")
    cause = error.__cause__ if isinstance(error, httpx.RequestError) else error
    if aiohttp is None or not isinstance(cause, aiohttp.ClientError):
        if isinstance(error, httpx.RequestError):
            return error
        raise error
    detail = str(cause) or type(cause).__name__
    if isinstance(cause, aiohttp.ClientConnectorError):
        return httpx.ConnectError(detail)
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(detail)
    if isinstance(cause, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(detail)
    return httpx.RemoteProtocolError(detail)


class RetryTransport(httpx.BaseTransport):
    """Sends a request again where that is safe, and gives an answer that has been read to its end.

    Args:
        inner: The transport that does the work.
        max_retries: How many attempts may follow the first one.
    """

    def __init__(self, inner: httpx.BaseTransport, max_retries: int) -> None:
        self._inner = inner
        self._max_retries = max_retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until an answer or an error is final.

        Args:
            request: The request.

        Returns:
            The answer, its body read, with the time that its attempt took.

        Raises:
            ConnectionFailed: The last attempt got no complete answer.
            RequestTimeout: The last attempt got no complete answer in time.
        """
        attempts = Attempts(request, self._max_retries)
        while True:
            outcome = self._attempt(request)
            if isinstance(outcome, httpx.Response):
                delay = attempts.after_answer(outcome)
                if delay is None:
                    return outcome
            else:
                delay = attempts.after_error(outcome)
            time.sleep(delay)

    def _attempt(self, request: httpx.Request) -> httpx.Response | httpx.RequestError:
        started = time.perf_counter()
        try:
            answer = self._inner.handle_request(request)
            stream, answer.stream = cast("httpx.SyncByteStream", answer.stream), NOTHING
            try:
                # What the hooks of a caller's client have read cannot be read again.
                body = None if answer.is_stream_consumed else b"".join(stream)
            finally:
                stream.close()
                del stream
            return complete(answer, body, request, started)
        except httpx.RequestError as error:
            return error
        except BaseException as error:
            if not isinstance(error, Exception):  # where Ctrl-C came is nothing to learn from
                forget_frames(error)
            raise


def complete(answer: httpx.Response, body: bytes | None, request: httpx.Request, started: float) -> httpx.Response:
    """Put its body into an answer that has been cut off from the connection it came on.

    Args:
        answer: The answer.
        body: The body as it came, perhaps compressed; None if the answer has it already.
        request: The request, without the token.
        started: When it was sent.

    Returns:
        The answer. A body that cannot be decompressed is in it as it came.
    """
    answer.request = request
    answer.next_request = None
    answer.extensions.pop("network_stream", None)
    if body is not None:
        answer.stream = httpx.ByteStream(body)
        try:
            answer.read()
        except httpx.DecodingError:
            answer = changed(answer, body, answer.headers.raw)
    answer.elapsed = timedelta(seconds=time.perf_counter() - started)
    return answer


def changed(answer: httpx.Response, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> httpx.Response:
    """Copy an answer with another body and other headers; those that describe how the body came are left out."""
    kept = [(name, value) for name, value in headers if name.lower() not in ABOUT_THE_BODY]
    stream, request = httpx.ByteStream(body), answer.request
    copy = httpx.Response(
        answer.status_code, headers=kept, stream=stream, request=request, extensions=answer.extensions
    )
    copy.read()
    return copy


class SignedTransport(httpx.BaseTransport):
    """Puts the token on a request only while it is on its way, so that nothing else ever holds both.

    Args:
        inner: Gives the transport that does the work.
        token: The token; None to send none.
    """

    def __init__(self, inner: Callable[[], httpx.BaseTransport], token: Token | None) -> None:
        self._inner = inner
        self._token = token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        if self._token is None:
            return self._inner().handle_request(request)
        self._token.put_on(request)
        try:
            return self._inner().handle_request(request)
        finally:
            self._token.take_off(request)


class ClientTransport(httpx.BaseTransport):
    """Sends through a whole httpx client, with its proxies, hooks and mounts, as if it were a transport.

    Args:
        client: The client.
        ours: Whether to close it with the transport.
    """

    def __init__(self, client: httpx.Client, *, ours: bool) -> None:
        self._client = client
        self._ours = ours

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, authorised by us alone; following a redirect could carry the token away."""
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)

    def close(self) -> None:
        """Close the client, if it is ours."""
        if self._ours:
            self._client.close()


def total_seconds(request: httpx.Request) -> float | None:
    """Give the time that one attempt may take as a whole: to get a connection, to make it, and to have the answer.

    What has waited long for a connection must not be given up for it once it is sent, and perhaps paid for.
    """
    limits = [request.extensions.get("timeout", {}).get(stage) for stage in ("pool", "connect", "read")]
    return None if None in limits else sum(limits)


class HastyTransport(httpx.BaseTransport):
    """Sends through what a caller gave, and has the body complete in time, however small its pieces.

    How long a dripping head may take is up to what was given.

    Args:
        inner: The transport.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        seconds = total_seconds(request)
        end = None if seconds is None else time.monotonic() + seconds
        response = self._inner.handle_request(request)
        if not response.is_stream_consumed:
            response.stream = _HastyBody(response.stream, end)
        return response

    def close(self) -> None:
        """Close the transport."""
        self._inner.close()


class _HastyBody(httpx.SyncByteStream):
    def __init__(self, inner: Any, end: float | None) -> None:
        self._inner = inner
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            if self._end is not None and time.monotonic() > self._end:
                raise httpx.ReadTimeout(TOO_LONG)
            yield chunk

    def close(self) -> None:
        self._inner.close()


class Share:
    """Connections of another client: they end with that client, and closing them here is for this one alone.

    Args:
        origin: The connections.
        owner: Name of this client, for the error that it is closed.
    """

    def __init__(self, origin: Pool | AsyncPool, owner: str) -> None:
        self.origin = origin
        self._owner = owner
        self._closed = False

    def get(self) -> Any:
        """Give the open connections.

        Raises:
            RuntimeError: One of the two clients is closed.
        """
        if self._closed:
            raise RuntimeError(closed_message(self._owner))
        return self.origin.get()

    def close(self) -> None:
        """Use the connections no more."""
        self._closed = True

    async def aclose(self) -> None:
        """Use the connections no more."""
        self._closed = True


def closed_message(owner: str) -> str:
    """Say that a client is closed, and what to do."""
    return f"this {owner} is closed; make a new one, or keep its `with` block open while you use it"
