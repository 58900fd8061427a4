# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of our own, through the proxies that the environment names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.request import getproxies

import httpx

from ._deadlines import DeadlineBackend
from ._transport import ClientTransport


def open_transport() -> httpx.BaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if not getproxies():
        transport = httpx.HTTPTransport()
        set_backend(DeadlineBackend, transport)
        return transport
    client = httpx.Client()
    set_backend(DeadlineBackend, *transports_of(client))
    return ClientTransport(client, ours=True)


def set_backend(backend: Callable[[Any], Any], *transports: Any) -> None:
    """Have transports of httpx make other connections, which it has no public way to tell them."""
    for transport in transports:
        pool = transport._pool  # noqa: SLF001 - see above
        pool._network_backend = backend(pool._network_backend)  # noqa: SLF001 - see above


def transports_of(client: Any) -> list[Any]:
    """List the transports of an httpx client: its own and those of its proxies, which it has no public way to tell."""
    transports = [client._transport, *client._mounts.values()]  # noqa: SLF001 - see above
    return [transport for transport in transports if transport is not None]


def open_plain_transport() -> httpx.BaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    if getproxies():
        return ClientTransport(httpx.Client(), ours=True)
    return httpx.HTTPTransport()
