# Generated from openapi.yaml by `make generate`. Do not edit.
"""How a request gets to the server, and an answer back: connections, the token, deadlines and retries.

What a client sends goes through these, the outermost first:

1. `RetryTransport` reads the whole answer and sends again what may be sent again, by the rules of `Attempts`;
2. `SignedTransport` puts the token on the request while it is on its way, and takes it off again;
3. a `Pool` of connections of our own, or what it gives of the caller's: `HastyTransport` or `ClientTransport`.

Every part comes for both kinds of client, and only what must wait is written twice.

The token must not be found in what a caller may keep or log. So no variable and no attribute here holds a signed request
or an answer's way back to it (httpx and aiohttp keep the request there) for longer than it takes.
"""

from __future__ import annotations

import asyncio
import html
import logging
import os
import random
import re
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpcore
import httpx

from .errors import ConnectionFailed, RequestTimeout, path_of, retry_after

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
# A shorter token is none in earnest, and is found in every other word.
SHORTEST_SECRET = 8
HIDDEN = b"[token]"
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
        self._made = 0
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
        backoff = min(FIRST_DELAY * 2**self._made, LONGEST_DELAY)
        # Jitter keeps clients that failed together from coming back together.
        delay = asked if asked is not None else backoff * random.uniform(0.5, 1.0)
        self._left -= 1
        self._made += 1
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


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """Sends a request again where that is safe, and gives an answer that has been read to its end.

    Args:
        inner: The transport that does the work.
        max_retries: How many attempts may follow the first one.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, max_retries: int) -> None:
        self._inner = inner
        self._max_retries = max_retries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until an answer or an error is final; see `RetryTransport.handle_request`."""
        attempts = Attempts(request, self._max_retries)
        while True:
            outcome = await self._attempt(request)
            if isinstance(outcome, httpx.Response):
                delay = attempts.after_answer(outcome)
                if delay is None:
                    return outcome
            else:
                delay = attempts.after_error(outcome)
            await asyncio.sleep(delay)

    async def _attempt(self, request: httpx.Request) -> httpx.Response | httpx.RequestError:
        started = time.perf_counter()
        try:
            # A caller's transport limits each wait by itself, so a dripping server could hold a call for ever.
            async with asyncio.timeout(total_seconds(request)):
                answer = await self._inner.handle_async_request(request)
                stream, answer.stream = cast("httpx.AsyncByteStream", answer.stream), NOTHING
                try:
                    body = None if answer.is_stream_consumed else b"".join([chunk async for chunk in stream])
                finally:
                    await stream.aclose()
                    del stream
            return complete(answer, body, request, started)
        except TimeoutError:
            return httpx.ReadTimeout(TOO_LONG)
        except Exception as error:
            return as_httpx(error)
        except BaseException as error:
            forget_frames(error)  # where a cancellation came is nothing to learn from
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


def total_seconds(request: httpx.Request) -> float | None:
    """Give the time that one attempt may take as a whole; None if a stage of it may take any time."""
    limits = request.extensions.get("timeout", {}).values()
    return None if not limits or None in limits else sum(limits)


class Token:
    """A token that can be sent and pickled, but not seen: not in a repr, not in `vars()`, not in a traceback."""

    __slots__ = ("_header", "_prefix", "_reveal")
    _reveal: Callable[[], str]

    def __init__(self, value: str, header: str, prefix: str) -> None:
        self._header = header
        self._prefix = prefix
        self._reveal = lambda: value

    def __repr__(self) -> str:
        return "Token(...)"

    def __reduce__(self) -> tuple[Any, ...]:
        return Token, (self._reveal(), self._header, self._prefix)

    def put_on(self, request: httpx.Request) -> None:
        """Add the token to a request."""
        request.headers[self._header] = self._prefix + self._reveal()

    def take_off(self, request: httpx.Request) -> None:
        """Remove the token from a request."""
        request.headers.pop(self._header, None)

    def cleared(self, response: httpx.Response) -> httpx.Response:
        """Give an answer without the token, should the server have put it there, spelled in whatever way."""
        pattern = re.compile("".join(map(_spellings, self._reveal())).encode(), re.IGNORECASE)
        if len(self._reveal()) < SHORTEST_SECRET:
            pattern = re.compile(rb"(?<![a-z0-9])" + pattern.pattern + rb"(?![a-z0-9])", re.IGNORECASE)
        content = pattern.sub(HIDDEN, response.content)
        headers = [(name, pattern.sub(HIDDEN, value)) for name, value in response.headers.raw]
        if content == response.content and headers == response.headers.raw:
            return response
        copy = changed(response, content, headers)
        copy.elapsed = response.elapsed
        return copy


def _spellings(char: str) -> str:
    """Give a pattern for a character as it is in text, JSON, a URL or HTML."""
    code, plain, entity = ord(char), re.escape(char), re.escape(html.escape(char))
    return rf"(?:{entity}|{plain}|\\{plain}|\\u{code:04x}|%{code:02x}|&#{code};|&#x{code:x};)"


def token_fault(value: object) -> str | None:
    """Say what keeps a token from being sent, without showing it."""
    if not isinstance(value, str):
        return "it is no string"
    if not value:
        return "it is empty"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "it holds white space or characters outside ASCII"
    return None


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


class AsyncSignedTransport(httpx.AsyncBaseTransport):
    """Puts the token on a request only while it is on its way, so that nothing else ever holds both.

    Args:
        inner: Gives the transport that does the work.
        token: The token; None to send none.
    """

    def __init__(self, inner: Callable[[], httpx.AsyncBaseTransport], token: Token | None) -> None:
        self._inner = inner
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        if self._token is None:
            return await self._inner().handle_async_request(request)
        self._token.put_on(request)
        try:
            return await self._inner().handle_async_request(request)
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


class AsyncClientTransport(httpx.AsyncBaseTransport):
    """Sends through a whole httpx client, with its proxies, hooks and mounts, as if it were a transport.

    Args:
        client: The client.
        ours: Whether to close it with the transport.
    """

    def __init__(self, client: httpx.AsyncClient, *, ours: bool) -> None:
        self._client = client
        self._ours = ours

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, authorised by us alone; following a redirect could carry the token away."""
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)

    async def aclose(self) -> None:
        """Close the client, if it is ours."""
        if self._ours:
            await self._client.aclose()


class HastyTransport(httpx.BaseTransport):
    """Sends through what a caller gave, and has the body complete in time, however small its pieces.

    Args:
        inner: The transport.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = self._inner.handle_request(request)
        if not response.is_stream_consumed:
            response.stream = _HastyBody(response.stream, request.extensions.get("timeout", {}).get("read"))
        return response

    def close(self) -> None:
        """Close the transport."""
        self._inner.close()


class _HastyBody(httpx.SyncByteStream):
    def __init__(self, inner: Any, seconds: float | None) -> None:
        self._inner = inner
        self._end = None if seconds is None else time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            if self._end is not None and time.monotonic() > self._end:
                raise httpx.ReadTimeout(TOO_LONG)
            yield chunk

    def close(self) -> None:
        self._inner.close()


class _Clock:
    """Counts the time to read an answer from the moment at which the request was written."""

    def __init__(self) -> None:
        self._end: float | None = None

    def restart(self) -> None:
        self._end = None

    def left(self, timeout: float | None) -> float | None:
        if timeout is None:
            return None
        now = time.monotonic()
        if self._end is None:
            self._end = now + timeout
        if self._end <= now:
            raise httpcore.ReadTimeout(TOO_LONG)
        return self._end - now


class _HastyBackend(httpcore.NetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _HastyStream(self._inner.connect_tcp(*args, **kwargs))


class _HastyStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._clock = _Clock()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._clock.restart()
        try:
            self._inner.write(buffer, timeout)
        finally:
            del buffer  # it holds the token, which a traceback must not show

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _HastyStream(self._inner.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _AsyncHastyBackend(httpcore.AsyncNetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncHastyStream(await self._inner.connect_tcp(*args, **kwargs))


class _AsyncHastyStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._clock = _Clock()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, self._clock.left(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._clock.restart()
        try:
            await self._inner.write(buffer, timeout)
        finally:
            del buffer  # it holds the token, which a traceback must not show

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncHastyStream(await self._inner.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def open_transport() -> httpx.BaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if not getproxies():
        transport = httpx.HTTPTransport()
        _hurry(_HastyBackend, transport)
        return transport
    client = httpx.Client()
    _hurry(_HastyBackend, client._transport, *client._mounts.values())
    return ClientTransport(client, ours=True)


def open_async_transport() -> httpx.AsyncBaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if not getproxies():
        transport = httpx.AsyncHTTPTransport()
        _hurry(_AsyncHastyBackend, transport)
        return transport
    client = httpx.AsyncClient()
    _hurry(_AsyncHastyBackend, client._transport, *client._mounts.values())
    return AsyncClientTransport(client, ours=True)


def _hurry(backend: Callable[[Any], Any], *transports: Any) -> None:
    """Have transports of httpx make other connections, which it has no public way to tell them."""
    for transport in transports:
        if transport is not None:
            transport._pool._network_backend = backend(transport._pool._network_backend)


def open_plain_transport() -> httpx.BaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    return ClientTransport(httpx.Client(), ours=True) if getproxies() else httpx.HTTPTransport()


def open_async_plain_transport() -> httpx.AsyncBaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    return AsyncClientTransport(httpx.AsyncClient(), ours=True) if getproxies() else httpx.AsyncHTTPTransport()


def without_own_retries(transport: Any) -> Any:
    """Keep httpx-aiohttp, should it be that, from sending again by itself, uncounted and unseen."""
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is not None and hasattr(transport, "get_client"):
        if not isinstance(transport.client, aiohttp.ClientSession):
            transport.client = transport.get_client()
        # aiohttp has no public way to say so.
        transport.client._retry_connection = False
    return transport


class Pool:
    """Connections that are opened on first use, and anew in a forked child.

    Args:
        opener: Opens the connections.
        owner: Name of the client, for the error that it is closed.
        given: What a caller gave to be closed with them.
    """

    def __init__(
        self, opener: Callable[[], httpx.BaseTransport], owner: str, given: httpx.BaseTransport | None
    ) -> None:
        self._opener = opener
        self._owner = owner
        self._given = given
        self._closed = False
        # By process: the connections of a parent are its own to use and to close, and its lock may be held for ever.
        self._transports: dict[int, httpx.BaseTransport] = {}
        self._locks: dict[int, threading.Lock] = {}

    def get(self) -> httpx.BaseTransport:
        """Give the open connections.

        Raises:
            RuntimeError: The client is closed.
        """
        transport = self._transports.get(os.getpid())
        return self._open() if transport is None else transport

    def _open(self) -> httpx.BaseTransport:
        process = os.getpid()
        with self._locks.setdefault(process, threading.Lock()):
            if self._closed:
                raise RuntimeError(closed_message(self._owner))
            if process not in self._transports:
                self._transports[process] = self._opener()
            return self._transports[process]

    def close(self) -> None:
        """Close the connections for good."""
        process = os.getpid()
        with self._locks.setdefault(process, threading.Lock()):
            self._closed = True
            transport = self._transports.pop(process, self._given)
        if transport is not None:
            transport.close()


class AsyncPool:
    """Connections that are opened on first use, and anew in a forked child and in another event loop.

    Args:
        opener: Opens the connections.
        owner: Name of the client, for the error that it is closed.
        given: What a caller gave to be closed with them.
    """

    def __init__(
        self, opener: Callable[[], httpx.AsyncBaseTransport], owner: str, given: httpx.AsyncBaseTransport | None
    ) -> None:
        self._opener = opener
        self._owner = owner
        self._given = given
        self._closed = False
        # A child of fork cannot go on in its parent's loop, so the loop tells processes apart too.
        self._transports: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncBaseTransport] = WeakKeyDictionary()
        self._holders: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGenerator[None, None]] = WeakKeyDictionary()

    def get(self) -> httpx.AsyncBaseTransport:
        """Give the open connections of the running event loop.

        Raises:
            RuntimeError: The client is closed.
        """
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        return self._open(loop) if transport is None else transport

    def _open(self, loop: asyncio.AbstractEventLoop) -> httpx.AsyncBaseTransport:
        if self._closed:
            raise RuntimeError(closed_message(self._owner))
        transport = self._transports[loop] = self._opener()
        if self._given is None:
            holder = self._holders[loop] = _held(transport)
            # This runs it up to its `yield`.
            with suppress(StopIteration):
                holder.asend(None).send(None)
        return transport

    async def aclose(self) -> None:
        """Close the connections for good; those of other loops are closed when they end."""
        self._closed = True
        loop = asyncio.get_running_loop()
        transport = self._transports.pop(loop, self._given)
        holder = self._holders.pop(loop, None)
        if holder is not None:
            await holder.aclose()
        elif transport is not None:
            await transport.aclose()


async def _held(transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
    """Close a transport when the event loop ends: before it does, it closes the generators that were begun in it."""
    try:
        yield
    finally:
        await transport.aclose()


class Share:
    """Connections of another client: they end with that client, and closing them here is for this one alone.

    Args:
        pool: The connections.
        owner: Name of this client, for the error that it is closed.
    """

    def __init__(self, pool: Pool | AsyncPool | Share, owner: str) -> None:
        self._pool = pool
        self._owner = owner
        self._closed = False

    def get(self) -> Any:
        """Give the open connections.

        Raises:
            RuntimeError: One of the clients is closed.
        """
        if self._closed:
            raise RuntimeError(closed_message(self._owner))
        return self._pool.get()

    def close(self) -> None:
        """Use the connections no more."""
        self._closed = True

    async def aclose(self) -> None:
        """Use the connections no more."""
        self._closed = True


def closed_message(owner: str) -> str:
    """Say that a client is closed, and what to do."""
    return f"this {owner} is closed; make a new one, or keep its `with` block open while you use it"
