# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of our own for an asynchronous client."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx

from ._connections import KEPT_ALIVE, set_backend
from ._deadlines import AsyncDeadlineBackend
from ._environment import Routes, ssl_context

# A hundred connections in all, as httpx has by default.
SHARD_SIZE = 10
MAX_SHARDS = 10
SHARD_LIMITS = httpx.Limits(
    max_connections=SHARD_SIZE, max_keepalive_connections=SHARD_SIZE, keepalive_expiry=KEPT_ALIVE
)


class AsyncOwnTransport(httpx.AsyncBaseTransport):
    """Connections on which an answer must be complete in time.

    Args:
        context: The certificates that are trusted.
        backend: Makes them of those of httpcore; None for connections without a deadline.
        limits: How many there may be.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        backend: Callable[[Any], Any] | None = AsyncDeadlineBackend,
        limits: httpx.Limits = SHARD_LIMITS,
    ) -> None:
        def opened(proxy: httpx.Proxy | None) -> httpx.AsyncHTTPTransport:
            transport = httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=limits)
            if backend is not None:
                set_backend(backend, transport)
            return transport

        self._routes = Routes(opened)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        return await self._routes.pick(request.url).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._routes.all():
            await transport.aclose()


class Shards(httpx.AsyncBaseTransport):
    """Several small pools of connections in the place of one, behind one queue.

    httpcore goes through all of a pool for each request, and loses connections when a request is cancelled that waits
    for one. So no pool is given more requests than it has connections; the others wait here, in the order in which they
    came. A pool in which a request was cancelled gets no more of them, and is closed once it has answered the others.

    Args:
        opener: Opens one of them.
        size: How many connections it has.
        count: How many of them there may be.
    """

    def __init__(
        self, opener: Callable[[], httpx.AsyncBaseTransport], size: int = SHARD_SIZE, count: int = MAX_SHARDS
    ) -> None:
        self._opener = opener
        self._size = size
        self._free = asyncio.Semaphore(size * count)
        self._shards: list[_Shard] = []
        self._closing: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the first pool that has a connection to spare, once there is one."""
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                await self._free.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("all connections were in use") from None
        shard = None
        try:
            shard = self._pick()
            shard.busy += 1
            response = await shard.transport.handle_async_request(request)
        except BaseException as error:
            self._release(shard, hurt=not isinstance(error, Exception))
            raise
        response.stream = _Counted(response.stream, self._release, shard)
        return response

    def _pick(self) -> _Shard:
        for shard in self._shards:
            if shard.busy < self._size:
                return shard
        self._shards.append(_Shard(self._opener()))
        return self._shards[-1]

    def _release(self, shard: _Shard | None, *, hurt: bool) -> None:
        """Take back a connection."""
        self._free.release()
        if shard is None:
            return
        shard.busy -= 1
        if hurt and shard in self._shards:
            self._shards.remove(shard)
        if not shard.busy and shard not in self._shards:
            task = asyncio.create_task(shard.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Close all connections."""
        await asyncio.gather(*self._closing)
        for shard in self._shards:
            await shard.transport.aclose()


class _Shard:
    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport
        self.busy = 0

    async def close(self) -> None:
        """Close the connections, of which some may be beyond closing."""
        try:
            await self.transport.aclose()
        except Exception:  # noqa: BLE001 - nothing is lost with them
            return


class _Counted(httpx.AsyncByteStream):
    """A body whose connection is to spare again once it is closed."""

    def __init__(self, inner: Any, release: Callable[..., None], shard: _Shard) -> None:
        self._inner = inner
        self._release = release
        self._shard: _Shard | None = shard
        self._hurt = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._inner:
                yield chunk
        except GeneratorExit:
            raise
        except BaseException as error:
            self._hurt = not isinstance(error, Exception)
            raise

    async def aclose(self) -> None:
        shard, self._shard = self._shard, None
        if shard is None:
            return
        try:
            await self._inner.aclose()
        except BaseException as error:
            self._hurt = self._hurt or not isinstance(error, Exception)
            raise
        finally:
            self._release(shard, hurt=self._hurt)


def open_async_transport() -> httpx.AsyncBaseTransport:
    """Open connections of our own."""
    context = ssl_context()
    return Shards(lambda: AsyncOwnTransport(context))


def open_async_plain_transport() -> httpx.AsyncBaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    return AsyncOwnTransport(ssl_context(), backend=None)
