# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of aiohttp, by httpx-aiohttp."""

from __future__ import annotations

import importlib
import sys
from typing import Any, cast
from urllib.request import getproxies

import httpx

from ._async_transport import AsyncClientTransport
from ._connections import transports_of


def open_aiohttp_transport() -> httpx.AsyncBaseTransport:
    """Open connections of aiohttp, through the proxies that the environment names.

    Raises:
        ImportError: It is not installed.
    """
    try:
        httpx_aiohttp = importlib.import_module("httpx_aiohttp")
    except ImportError as error:
        message = 'transport="aiohttp" needs httpx-aiohttp: pip install "leap-client[aiohttp]"'
        raise ImportError(message) from error
    if not getproxies():
        return cast("httpx.AsyncBaseTransport", without_own_retries(httpx_aiohttp.AiohttpTransport()))
    # Proxies by httpx, since aiohttp would not look for them without looking for passwords in .netrc, too.
    client = httpx_aiohttp.HttpxAiohttpClient()
    for transport in transports_of(client):
        without_own_retries(transport)
    return AsyncClientTransport(client, ours=True)


def without_own_retries(transport: Any) -> Any:
    """Keep httpx-aiohttp, should it be that, from sending again by itself, uncounted and unseen."""
    aiohttp = sys.modules.get("aiohttp")
    if aiohttp is not None and hasattr(transport, "get_client"):
        if not isinstance(transport.client, aiohttp.ClientSession):
            transport.client = transport.get_client()
        # aiohttp has no public way to say so.
        transport.client._retry_connection = False  # noqa: SLF001 - see above
    return transport
