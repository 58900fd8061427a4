# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of aiohttp, by httpx-aiohttp."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import httpx

from ._async_connections import AsyncQueue
from ._connections import KEPT_ALIVE, MAX_CONNECTIONS
from ._deadlines import AsyncDeadlineTransport
from ._environment import Routes, ssl_context

LIMITS = httpx.Limits(
    max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS, keepalive_expiry=KEPT_ALIVE
)


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Connections of aiohttp; proxies are found by us, since aiohttp would look for passwords in .netrc, too.

    Args:
        library: The module `httpx_aiohttp`.
    """

    def __init__(self, library: Any) -> None:
        context = ssl_context()

        def opened(proxy: httpx.Proxy | None) -> Any:
            if proxy is not None and proxy.url.scheme.startswith("socks"):
                raise NotImplementedError("aiohttp speaks no SOCKS")
            return without_own_retries(library.AiohttpTransport(verify=context, limits=LIMITS, proxy=proxy))

        self._routes = Routes(opened)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        response: httpx.Response = await self._routes.pick(request.url).handle_async_request(request)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._routes.all():
            await transport.aclose()


def open_aiohttp_transport() -> httpx.AsyncBaseTransport:
    """Open connections of aiohttp, through the proxies that the environment names.

    Raises:
        ImportError: It is not installed.
    """
    try:
        library = importlib.import_module("httpx_aiohttp")
    except ImportError as error:
        message = 'transport="aiohttp" needs httpx-aiohttp: pip install "leap-client[aiohttp]"'
        raise ImportError(message) from error
    return AsyncQueue(AsyncDeadlineTransport(AiohttpTransport(library), queued=True))


def without_own_retries(transport: Any) -> Any:
    """Keep httpx-aiohttp, should it be that, from sending again by itself, uncounted and unseen."""
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is not None and hasattr(transport, "get_client"):
        if not isinstance(transport.client, aiohttp.ClientSession):
            transport.client = transport.get_client()
        # aiohttp has no public way to say so.
        transport.client._retry_connection = False  # noqa: SLF001 - see above
    return transport


def client_without_own_retries(client: httpx.AsyncClient) -> None:
    """Keep the transports of an httpx client from sending again by themselves; it has no public way to list them."""
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001 - see above
        without_own_retries(transport)
