"""Connections of our own for an asynchronous client."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from typing import Any, cast
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpcore
import httpx

from ._async_transport import AsyncClientTransport
from ._connections import Certificates, Clock, hurry
from ._transport import closed_message

# A hundred connections in all, as httpx has by default.
SHARD_SIZE = 10
MAX_SHARDS = 10
SHARD_LIMITS = httpx.Limits(max_connections=SHARD_SIZE, max_keepalive_connections=SHARD_SIZE)


class _AsyncHastyBackend(httpcore.AsyncNetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncHastyStream(await self._inner.connect_tcp(*args, **kwargs))


class _AsyncHastyStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._clock = Clock()

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


class Shards(httpx.AsyncBaseTransport):
    """Several small pools of connections in the place of one, since httpcore goes through all of a pool for each request.

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
        hurry(_AsyncHastyBackend, client._transport, *client._mounts.values())
        return AsyncClientTransport(client, ours=True)
    certificates = Certificates()

    def open_shard() -> httpx.AsyncBaseTransport:
        transport = httpx.AsyncHTTPTransport(verify=certificates, limits=SHARD_LIMITS)
        hurry(_AsyncHastyBackend, transport)
        return transport

    return Shards(open_shard)


def open_aiohttp_transport() -> httpx.AsyncBaseTransport:
    """Open connections of aiohttp, through the proxies that the environment names.

    Raises:
        ImportError: It is not installed.
    """
    try:
        httpx_aiohttp = importlib.import_module("httpx_aiohttp")
    except ImportError as error:
        message = 'transport="aiohttp" needs httpx-aiohttp: pip install "service-client[aiohttp]"'
        raise ImportError(message) from error
    if not getproxies():
        return cast(
            "httpx.AsyncBaseTransport", without_own_retries(httpx_aiohttp.AiohttpTransport(verify=Certificates()))
        )
    # Proxies by httpx, since aiohttp would not look for them without looking for passwords in .netrc, too.
    client = httpx_aiohttp.HttpxAiohttpClient()
    for transport in (client._transport, *client._mounts.values()):
        without_own_retries(transport)
    return AsyncClientTransport(client, ours=True)


def open_async_plain_transport() -> httpx.AsyncBaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    if getproxies():
        return AsyncClientTransport(httpx.AsyncClient(), ours=True)
    return httpx.AsyncHTTPTransport(verify=Certificates())


def without_own_retries(transport: Any) -> Any:
    """Keep httpx-aiohttp, should it be that, from sending again by itself, uncounted and unseen."""
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is not None and hasattr(transport, "get_client"):
        if not isinstance(transport.client, aiohttp.ClientSession):
            transport.client = transport.get_client()
        # aiohttp has no public way to say so.
        transport.client._retry_connection = False
    return transport


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
        # What was opened in a loop may hold that loop, even after its end.
        for ended in [each for each in self._transports if each.is_closed()]:
            del self._transports[ended]
            self._holders.pop(ended, None)
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
