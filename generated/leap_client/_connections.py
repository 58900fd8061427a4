# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of our own, on which an answer must be complete in time."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.request import getproxies

import httpcore
import httpx

from ._transport import TOO_LONG, ClientTransport, closed_message


class Clock:
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
        self._clock = Clock()

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


def certificates(address: str) -> ssl.SSLContext | bool:
    """Give what the certificates of a server are checked by: nothing where there is no TLS, since loading takes long.

    Args:
        address: Where the connections lead.

    Returns:
        True for what httpx has by default; else a context by which every certificate is refused.
    """
    return address.lower().startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def open_transport(address: str) -> httpx.BaseTransport:
    """Open connections to an address, through the proxies that the environment names."""
    if not getproxies():
        transport = httpx.HTTPTransport(verify=certificates(address))
        hurry(_HastyBackend, transport)
        return transport
    client = httpx.Client()
    hurry(_HastyBackend, client._transport, *client._mounts.values())
    return ClientTransport(client, ours=True)


def hurry(backend: Callable[[Any], Any], *transports: Any) -> None:
    """Have transports of httpx make other connections, which it has no public way to tell them."""
    for transport in transports:
        if transport is not None:
            transport._pool._network_backend = backend(transport._pool._network_backend)


def open_plain_transport() -> httpx.BaseTransport:
    """Open connections that carry no token and set no limit to an answer as a whole, for large files elsewhere."""
    return ClientTransport(httpx.Client(), ours=True) if getproxies() else httpx.HTTPTransport()


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
