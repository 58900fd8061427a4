"""Connections of our own, on which an answer must be complete in time."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Self
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


class Certificates(ssl.SSLContext):
    """Checks the certificates of servers by what httpx has for it, loaded with the first connection that has any.

    Loading takes longer than many a call without TLS.
    """

    _protocols: Iterable[str] = ("http/1.1",)

    def __new__(cls) -> Self:
        """Make a context that trusts no certificate by itself."""
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    @cached_property
    def _loaded(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Keep what is to be spoken until it is known whether there is TLS."""
        self._protocols = alpn_protocols

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """Begin TLS on a socket."""
        return self._ready().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """Begin TLS on a buffer."""
        return self._ready().wrap_bio(*args, **kwargs)

    def _ready(self) -> ssl.SSLContext:
        self._loaded.set_alpn_protocols(self._protocols)
        return self._loaded


def open_transport() -> httpx.BaseTransport:
    """Open connections of our own, through the proxies that the environment names."""
    if not getproxies():
        transport = httpx.HTTPTransport(verify=Certificates())
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
    if getproxies():
        return ClientTransport(httpx.Client(), ours=True)
    return httpx.HTTPTransport(verify=Certificates())


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
