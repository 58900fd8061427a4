# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of our own for an asynchronous client."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpcore
import httpx

from ._connections import ALL_IN_USE, LIMITS, MAX_CONNECTIONS, address, replace_pool
from ._deadlines import AsyncDeadlineBackend, TotalDeadline
from ._environment import Routes, ssl_context

Connection = httpcore.AsyncConnectionInterface


class AsyncOwnTransport(httpx.AsyncBaseTransport):
    """Connections on which an answer must be complete in time.

    Args:
        context: The certificates that are trusted.
        backend: Makes their network streams of those of httpcore.
    """

    def __init__(self, context: ssl.SSLContext, backend: Callable[[Any], Any] = AsyncDeadlineBackend) -> None:
        def opened(proxy: httpx.Proxy | None) -> httpx.AsyncHTTPTransport:
            transport = httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=LIMITS)
            replace_pool(transport, AsyncConnections, backend)
            return transport

        self._routes = Routes(opened)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        return await self._routes.pick(request.url).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._routes.all():
            await transport.aclose()


class AsyncConnections:
    """Takes the place of a pool of httpcore; see `Connections`. How many there are at once is up to an `AsyncQueue`.

    Args:
        pool: What opens connections, directly or through a proxy.
    """

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._connect = pool.create_connection
        self._idle: dict[object, deque[Connection]] = {}
        self._open: set[Connection] = set()
        self._closed = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request."""
        idle = self._idle.setdefault(address(request), deque())
        connection = await self._take(idle) or self._connect(request.url.origin)
        self._open.add(connection)
        try:
            answer = await connection.handle_async_request(request)
        except BaseException:
            await self._release(connection, idle)
            raise
        answer.stream = _Body(answer.stream, lambda: self._release(connection, idle))
        return answer

    async def _take(self, idle: deque[Connection]) -> Connection | None:
        while len(idle) > 1 and idle[0].has_expired():
            await self._drop(idle.popleft())
        while idle:
            connection = idle.pop()
            if not connection.has_expired():
                return connection
            await self._drop(connection)
        return None

    async def _release(self, connection: Connection, idle: deque[Connection]) -> None:
        """Keep a connection for the next request, if its answer was read to the end."""
        if connection.is_available() and not self._closed:
            idle.append(connection)
        else:
            await self._drop(connection)

    async def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        # Its socket is closed before this waits for anything, so that a cancellation comes too late to keep it open.
        with suppress(Exception):  # see Connections
            await connection.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        self._closed = True
        for connection in list(self._open):
            await self._drop(connection)


class _Body:
    """The body of an answer, which gives its connection back when it is closed."""

    def __init__(self, inner: Any, release: Callable[[], Awaitable[None]]) -> None:
        self._inner = inner
        self._release: Callable[[], Awaitable[None]] | None = release

    def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: AsyncIterator[bytes] = aiter(self._inner)
        return chunks

    async def aclose(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                if hasattr(self._inner, "aclose"):  # one that stands in for an answer may have nothing to close
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
        limits = request.extensions.get("timeout", {})
        try:
            # A timer costs more than all else here, and hardly any request has to wait.
            async with asyncio.timeout(limits.get("pool") if self._free.locked() else None):
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
