"""Connections of our own for an asynchronous client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.request import getproxies

import httpx

from ._async_transport import AsyncClientTransport
from ._connections import set_backend, transports_of
from ._deadlines import AsyncDeadlineBackend

# A hundred connections in all, as httpx has by default.
SHARD_SIZE = 10
MAX_SHARDS = 10
SHARD_LIMITS = httpx.Limits(max_connections=SHARD_SIZE, max_keepalive_connections=SHARD_SIZE)


class Shards(httpx.AsyncBaseTransport):
    """Several small pools of connections in the place of one: httpcore goes through all of a pool for each request.

    `make bench` shows what that is worth with a hundred requests in flight.

    Args:
        opener: Opens one of them.
    """

    def __init__(self, opener: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._opener = opener
        self._shards: list[_Shard] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the first pool that has a connection to spare."""
        shard = self._pick()
        shard.busy += 1
        try:
            response = await shard.transport.handle_async_request(request)
        except BaseException:
            shard.busy -= 1
            raise
        response.stream = _Counted(response.stream, shard)
        return response

    def _pick(self) -> _Shard:
        for shard in self._shards:
            if shard.busy < SHARD_SIZE:
                return shard
        if len(self._shards) < MAX_SHARDS:
            self._shards.append(_Shard(self._opener()))
            return self._shards[-1]
        return min(self._shards, key=lambda shard: shard.busy)

    async def aclose(self) -> None:
        """Close all connections."""
        for shard in self._shards:
            await shard.transport.aclose()


class _Shard:
    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport
        self.busy = 0


class _Counted(httpx.AsyncByteStream):
    """A body whose connection is to spare again once it is closed."""

    def __init__(self, inner: Any, shard: _Shard) -> None:
        self._inner = inner
        self._shard: _Shard | None = shard

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            yield chunk

    async def aclose(self) -> None:
        shard, self._shard = self._shard, None
        if shard is not None:
            shard.busy -= 1
        await self._inner.aclose()


def open_async_transport() -> httpx.AsyncBaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if getproxies():
        client = httpx.AsyncClient()
        set_backend(AsyncDeadlineBackend, *transports_of(client))
        return AsyncClientTransport(client, ours=True)
    certificates = httpx.create_ssl_context()

    def open_shard() -> httpx.AsyncBaseTransport:
        transport = httpx.AsyncHTTPTransport(verify=certificates, limits=SHARD_LIMITS)
        set_backend(AsyncDeadlineBackend, transport)
        return transport

    return Shards(open_shard)


def open_async_plain_transport() -> httpx.AsyncBaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    if getproxies():
        return AsyncClientTransport(httpx.AsyncClient(), ours=True)
    return httpx.AsyncHTTPTransport()
