# Generated from openapi.yaml by `make generate`. Do not edit.
"""How a request gets to the server, and an answer back: connections, the token, deadlines and retries.

What a client sends goes through these, the outermost first:

1. `RetryTransport` reads the whole answer and sends again what may be sent again, by the rules of `Attempts`;
2. `SignedTransport` puts the token on the request while it is on its way, and takes it off again;
3. a `Pool` of connections, or the caller's own transport or client.

Every part comes for both kinds of client, and only what must wait is written twice.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpcore
import httpx

from .errors import ConnectionFailed, RequestTimeout, retry_after

logger = logging.getLogger(__package__)

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
TRANSIENT = frozenset({408, 500, 502, 503, 504, *range(520, 525)})
TOO_MANY_REQUESTS = 429
NOT_FOUND = 404
FIRST_ERROR = 400
FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
LONGEST_RETRY_AFTER = 60.0
# A 404 with this mark means that an earlier attempt to delete did its work.
GONE = "already_deleted"


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
        sent = not never_sent(error)
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
        logger.info("%s %s: %s, next attempt in %.2f s", self._request.method, self._request.url.path, reason, delay)
        return delay

    def _failure(self, error: httpx.RequestError) -> ConnectionFailed | RequestTimeout:
        request = self._request
        late = isinstance(error, httpx.TimeoutException)
        what = "no complete answer in time" if late else "no complete answer"
        detail = str(error) or type(error).__name__
        message = f"{request.method} {request.url.path} got {what} from {request.url.netloc.decode()}: {detail}"
        if self._maybe_sent and request.method not in IDEMPOTENT:
            message += ". The request may have taken effect, so it was not sent again"
        cls = RequestTimeout if late else ConnectionFailed
        return cls(message, request=request, maybe_sent=self._maybe_sent)


def never_sent(error: httpx.RequestError) -> bool:
    """Tell whether a request certainly did not reach the server: no connection was made, or none was free.

    Args:
        error: What httpx raised.

    Returns:
        True if so, False in any doubt.
    """
    if not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return False
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is not None and isinstance(error.__cause__, aiohttp.ClientError):
        # httpx-aiohttp reports a connection lost after sending as ConnectTimeout too.
        return isinstance(error.__cause__, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
    return True


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
            The answer, its body read.

        Raises:
            ConnectionFailed: The last attempt got no complete answer.
            RequestTimeout: The last attempt got no complete answer in time.
        """
        attempts = Attempts(request, self._max_retries)
        while True:
            try:
                response = self._inner.handle_request(request)
                try:
                    response.request = request
                    response.read()
                finally:
                    response.close()
                delay = attempts.after_answer(response)
            except httpx.RequestError as error:
                delay = attempts.after_error(error)
            if delay is None:
                return response
            time.sleep(delay)


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
            try:
                response = await self._attempt(request)
                delay = attempts.after_answer(response)
            except httpx.RequestError as error:
                delay = attempts.after_error(error)
            if delay is None:
                return response
            await asyncio.sleep(delay)

    async def _attempt(self, request: httpx.Request) -> httpx.Response:
        try:
            # The limits of httpx hold for each wait by itself, so a dripping server could hold a call for ever.
            async with asyncio.timeout(total_seconds(request)):
                response = await self._inner.handle_async_request(request)
                try:
                    response.request = request
                    await response.aread()
                finally:
                    await response.aclose()
                return response
        except TimeoutError as error:
            raise httpx.ReadTimeout("the answer took too long as a whole") from error


def total_seconds(request: httpx.Request) -> float | None:
    """Give the time that one attempt of a request may take as a whole: to connect, and to have the answer read."""
    limits = request.extensions.get("timeout", {})
    connect, read = limits.get("connect"), limits.get("read")
    return None if connect is None or read is None else float(connect + read)


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

    def clear(self, content: bytes) -> bytes:
        """Give a body without the token, should the server have put it there."""
        return content.replace(self._reveal().encode(), b"[token]")


def token_fault(value: str) -> str | None:
    """Say what keeps a token from being sent, without showing it."""
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
        """Send a request; a redirect is an answer like any other, since following it could carry the token away."""
        response = self._client.send(request, stream=True, follow_redirects=False)
        response.stream = _Hasty(response.stream, total_seconds(request))
        return response

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
        """Send a request; a redirect is an answer like any other, since following it could carry the token away."""
        return await self._client.send(request, stream=True, follow_redirects=False)

    async def aclose(self) -> None:
        """Close the client, if it is ours."""
        if self._ours:
            await self._client.aclose()


class HastyTransport(httpx.BaseTransport):
    """Sends through a caller's transport, and has the body complete in time.

    Args:
        inner: The transport.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = self._inner.handle_request(request)
        response.stream = _Hasty(response.stream, total_seconds(request))
        return response

    def close(self) -> None:
        """Close the caller's transport."""
        self._inner.close()


class _Hasty(httpx.SyncByteStream):
    """A body that must be complete in time, however small the pieces in which it comes."""

    def __init__(self, inner: Any, seconds: float | None) -> None:
        self._inner = inner
        self._end = None if seconds is None else time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            if self._end is not None and time.monotonic() > self._end:
                raise httpx.ReadTimeout("the answer took too long as a whole")
            yield chunk

    def close(self) -> None:
        self._inner.close()


class _HastyBackend(httpcore.NetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _HastyStream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))


class _HastyStream(httpcore.NetworkStream):
    """A connection that counts the time to read from the moment at which the request was written."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._end: float | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if timeout is not None:
            now = time.monotonic()
            if self._end is None:
                self._end = now + timeout
            timeout = self._end - now
            if timeout <= 0:
                raise httpcore.ReadTimeout("the answer took too long as a whole")
        return self._inner.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._end = None
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _HastyStream(self._inner.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def open_transport() -> httpx.BaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if getproxies():
        return ClientTransport(httpx.Client(), ours=True)
    transport = httpx.HTTPTransport()
    # httpx has no way to hand its pool a backend.
    transport._pool._network_backend = _HastyBackend(transport._pool._network_backend)
    return transport


def open_async_transport() -> httpx.AsyncBaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if getproxies():
        return AsyncClientTransport(httpx.AsyncClient(), ours=True)
    return httpx.AsyncHTTPTransport()


def open_plain_transport() -> httpx.BaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    return ClientTransport(httpx.Client(), ours=True) if getproxies() else httpx.HTTPTransport()


class Pool:
    """Connections that are opened on first use, and anew in a forked child.

    Args:
        opener: Opens the connections.
        owner: Name of the client, for the error that it is closed.
    """

    def __init__(self, opener: Callable[[], httpx.BaseTransport], owner: str) -> None:
        self._opener = opener
        self._owner = owner
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._transport: httpx.BaseTransport | None = None
        self._inherited: httpx.BaseTransport | None = None
        self._closed = False

    def get(self) -> httpx.BaseTransport:
        """Give the open connections.

        Raises:
            RuntimeError: The client is closed.
        """
        transport = self._transport
        if transport is None or self._process != os.getpid():
            transport = self._open()
        return transport

    def _open(self) -> httpx.BaseTransport:
        if self._closed:
            raise RuntimeError(closed_message(self._owner))
        if self._process != os.getpid():
            # The parent's connections are the parent's to use and to close, and its lock may be held for ever.
            self._inherited = self._transport
            self._lock, self._process, self._transport = threading.Lock(), os.getpid(), None
        with self._lock:
            if self._transport is None:
                self._transport = self._opener()
            return self._transport

    def close(self) -> None:
        """Close the connections for good."""
        self._closed = True
        transport, self._transport = self._transport, None
        if transport is not None and self._process == os.getpid():
            transport.close()


class AsyncPool:
    """Connections that are opened on first use, and anew in a forked child and in another event loop.

    Args:
        opener: Opens the connections.
        owner: Name of the client, for the error that it is closed.
    """

    def __init__(self, opener: Callable[[], httpx.AsyncBaseTransport], owner: str) -> None:
        self._opener = opener
        self._owner = owner
        # A child of fork cannot go on in its parent's loop, so the loop tells processes apart too.
        self._transports: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncBaseTransport] = WeakKeyDictionary()
        self._closed = False

    def get(self) -> httpx.AsyncBaseTransport:
        """Give the open connections of the running event loop.

        Raises:
            RuntimeError: The client is closed.
        """
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        if transport is None:
            if self._closed:
                raise RuntimeError(closed_message(self._owner))
            transport = self._transports[loop] = self._opener()
        return transport

    async def aclose(self) -> None:
        """Close the connections for good; those of other loops have ended with them."""
        self._closed = True
        transport = self._transports.pop(asyncio.get_running_loop(), None)
        self._transports.clear()
        if transport is not None:
            await transport.aclose()


def closed_message(owner: str) -> str:
    """Say that a client is closed, and what to do."""
    return f"this {owner} is closed; make a new one, or keep its `with` block open while you use it"
