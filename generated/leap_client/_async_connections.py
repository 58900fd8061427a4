# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of our own for an asynchronous client."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import httpcore
import httpx

from ._connections import (
    ALL_IN_USE,
    ERRORS_OF_HTTPX,
    LIMITS,
    MAX_CONNECTIONS,
    Connector,
    Idle,
    address,
    as_httpcore,
    as_httpx,
    connect_by,
)
from ._deadlines import AsyncDeadlineBackend, TotalDeadline
from ._environment import Routes, ssl_context


class AsyncOwnTransport(httpx.AsyncBaseTransport):
    """Connections of httpcore on which an answer must be complete in time; see `OwnTransport`.

    It opens one for each request that finds none idle, however many there are.

    Args:
        context: The certificates that are trusted.
        backend: Makes their network streams of those of httpcore.
    """

    def __init__(self, context: ssl.SSLContext, backend: Callable[[Any], Any] = AsyncDeadlineBackend) -> None:
        def connector(proxy: httpx.Proxy | None) -> Connector:
            return connect_by(httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=LIMITS), backend)

        self._routes = Routes(connector)
        self._idle: defaultdict[object, Idle] = defaultdict(deque)
        self._open: set[httpcore.AsyncConnectionInterface] = set()
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        sent = as_httpcore(request)
        idle = self._idle[address(sent)]
        connection = await self._take(idle) or self._connect(request.url, sent)
        try:
            with ERRORS_OF_HTTPX:
                answer = await connection.handle_async_request(sent)
        except BaseException:
            await self._release(connection, idle)
            raise
        return as_httpx(answer, _Body(answer.stream, partial(self._release, connection, idle)))

    async def _take(self, idle: Idle) -> httpcore.AsyncConnectionInterface | None:
        while len(idle) > 1 and idle[0].has_expired():
            await self._drop(idle.popleft())
        while idle:
            connection: httpcore.AsyncConnectionInterface = idle.pop()
            if not connection.has_expired():
                return connection
            await self._drop(connection)
        return None

    def _connect(self, url: httpx.URL, sent: httpcore.Request) -> httpcore.AsyncConnectionInterface:
        connection: httpcore.AsyncConnectionInterface = self._routes.pick(url)(sent.url.origin)
        self._open.add(connection)
        return connection

    async def _release(self, connection: httpcore.AsyncConnectionInterface, idle: Idle) -> None:
        """Keep a connection for the next request, if its answer was read to the end."""
        if connection.is_available() and not self._closed:
            idle.append(connection)
        else:
            await self._drop(connection)

    async def _drop(self, connection: httpcore.AsyncConnectionInterface) -> None:
        self._open.discard(connection)
        # Its socket is closed before this waits for anything, so that a cancellation comes too late to keep it open.
        await connection.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        self._closed = True
        for connection in list(self._open):
            await self._drop(connection)


class _Body(httpx.AsyncByteStream):
    """The body of an answer, which gives its connection back when it is closed."""

    def __init__(self, inner: Any, release: Callable[[], Awaitable[None]]) -> None:
        self._inner = inner
        self._release: Callable[[], Awaitable[None]] | None = release

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with ERRORS_OF_HTTPX:
            async for chunk in self._inner:
                yield chunk

    async def aclose(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                await self._inner.aclose()
            finally:
                await release()


class AsyncQueue(httpx.AsyncBaseTransport):
    """Lets through no more requests at once than there may be connections; the others wait, first come, first served.

    Args:
        inner: Sends the requests.
        size: How many may be under way.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, size: int = MAX_CONNECTIONS) -> None:
        self._inner = inner
        self._free = asyncio.Semaphore(size)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, once there may be a connection for it."""
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                await self._free.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(ALL_IN_USE) from None
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException:
            self._free.release()
            raise
        response.stream = _Counted(response.stream, self._free.release)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


class _Counted(httpx.AsyncByteStream):
    """A body that is under way until it is closed."""

    def __init__(self, inner: Any, release: Callable[[], None]) -> None:
        self._inner = inner
        self._release: Callable[[], None] | None = release

    def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: AsyncIterator[bytes] = aiter(self._inner)
        return chunks

    async def aclose(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                await self._inner.aclose()
            finally:
                release()


def open_async_transport() -> httpx.AsyncBaseTransport:
    """Open connections of our own."""
    return AsyncQueue(AsyncOwnTransport(ssl_context()))


def open_async_plain_transport() -> httpx.AsyncBaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    return AsyncOwnTransport(ssl_context(), backend=lambda inner: AsyncDeadlineBackend(inner, TotalDeadline))
