# Generated from openapi.yaml by `make generate`. Do not edit.
"""Connections of our own, through the proxies that the environment names."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpcore
import httpx

from ._deadlines import DeadlineBackend, TotalDeadline
from ._environment import Routes, ssl_context

# Many servers close a connection after five seconds. One that they close just as a request is sent may have taken it.
KEPT_ALIVE = 2.0
LIMITS = httpx.Limits(keepalive_expiry=KEPT_ALIVE)
# As many as httpx has by default.
MAX_CONNECTIONS = 100
ALL_IN_USE = "all connections were in use"
DEADLINE = "deadline"
"""The extension of a request that says until when its answer must be complete."""

Connection = httpcore.ConnectionInterface


class OwnTransport(httpx.BaseTransport):
    """Connections on which an answer must be complete in time.

    Args:
        backend: Makes their network streams of those of httpcore.
    """

    def __init__(self, backend: Callable[[Any], Any] = DeadlineBackend) -> None:
        context = ssl_context()

        def opened(proxy: httpx.Proxy | None) -> httpx.HTTPTransport:
            transport = httpx.HTTPTransport(verify=context, proxy=proxy, limits=LIMITS)
            replace_pool(transport, Connections, backend)
            return transport

        self._routes = Routes(opened)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        return self._routes.pick(request.url).handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for transport in self._routes.all():
            transport.close()


def replace_pool(transport: Any, kind: Callable[[Any], Any], backend: Callable[[Any], Any]) -> None:
    """Have a transport of httpx take other connections, which it has no public way to be told."""
    pool = transport._pool  # noqa: SLF001 - see above
    pool._network_backend = backend(pool._network_backend)  # noqa: SLF001 - see above
    transport._pool = kind(pool)  # noqa: SLF001 - see above


class Connections:
    """Takes the place of a pool of httpcore, which looks at all of its connections for each request.

    A request takes the connection that was used last, so that those that are not needed expire; or it opens one. A
    connection that is left before its answer ends is closed.

    Args:
        pool: What opens connections, directly or through a proxy.
    """

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._connect = pool.create_connection
        self._free = threading.Semaphore(MAX_CONNECTIONS)
        self._lock = threading.Lock()
        self._idle: dict[object, deque[Connection]] = {}
        self._open: set[Connection] = set()
        self._closed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request."""
        idle = self._idle.setdefault(address(request), deque())
        if not self._free.acquire(timeout=request.extensions.get("timeout", {}).get("pool")):
            raise httpcore.PoolTimeout(ALL_IN_USE)
        connection = None
        try:
            connection = self._take(idle) or self._connect(request.url.origin)
            self._open.add(connection)
            answer = connection.handle_request(request)
        except BaseException:
            self._release(connection, idle)
            raise
        answer.stream = _Body(answer.stream, lambda: self._release(connection, idle))
        return answer

    def _take(self, idle: deque[Connection]) -> Connection | None:
        with self._lock:
            while len(idle) > 1 and idle[0].has_expired():
                self._drop(idle.popleft())
            while idle:
                connection = idle.pop()
                if not connection.has_expired():
                    return connection
                self._drop(connection)
        return None

    def _release(self, connection: Connection | None, idle: deque[Connection]) -> None:
        """Keep a connection for the next request, if its answer was read to the end."""
        try:
            if connection is not None and connection.is_available() and not self._closed:
                idle.append(connection)
            elif connection is not None:
                self._drop(connection)
        finally:
            self._free.release()

    def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        with suppress(Exception):  # nobody can do anything about it, and it must not take the place of another error
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        for connection in list(self._open):
            self._drop(connection)


class _Body:
    """The body of an answer, which gives its connection back when it is closed."""

    def __init__(self, inner: Any, release: Callable[[], None]) -> None:
        self._inner = inner
        self._release: Callable[[], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._inner)

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                if hasattr(self._inner, "close"):  # one that stands in for an answer may have nothing to close
                    self._inner.close()
            finally:
                release()


def address(request: httpcore.Request) -> object:
    """Return the origin of a request; requests to the same origin may share connections."""
    return request.url.scheme, request.url.host, request.url.port


class PlainTransport(OwnTransport):
    """Connections for large files elsewhere, for one thread; the extension `deadline` of a request says until when."""

    def __init__(self) -> None:
        self._deadline = TotalDeadline()
        super().__init__(lambda inner: DeadlineBackend(inner, lambda: self._deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        self._deadline.end = request.extensions.get(DEADLINE)
        return super().handle_request(request)
