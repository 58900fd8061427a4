"""Connections of our own, through the proxies that the environment names."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial
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

Idle = deque[Any]


class OwnTransport(httpx.BaseTransport):
    """Connections of httpcore on which an answer must be complete in time.

    They are kept here, because a pool of httpcore looks at all of its connections for each request. A request takes the
    one that was used last, so that those that are not needed expire. One that is left before its answer ends is closed.

    Args:
        backend: Makes their network streams of those of httpcore.
    """

    def __init__(self, backend: Callable[[Any], Any] = DeadlineBackend) -> None:
        context = ssl_context()

        def connector(proxy: httpx.Proxy | None) -> Connector:
            return connect_by(httpx.HTTPTransport(verify=context, proxy=proxy, limits=LIMITS), backend)

        self._routes = Routes(connector)
        self._free = threading.Semaphore(MAX_CONNECTIONS)
        self._lock = threading.Lock()
        self._idle: defaultdict[object, Idle] = defaultdict(deque)
        self._open: set[httpcore.ConnectionInterface] = set()
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        if not self._free.acquire(timeout=request.extensions.get("timeout", {}).get("pool")):
            raise httpx.PoolTimeout(ALL_IN_USE)
        sent, release = as_httpcore(request), self._free.release
        try:
            idle = self._idle[address(sent)]
            connection = self._take(idle) or self._connect(request.url, sent)
            release = partial(self._release, connection, idle)
            with ERRORS_OF_HTTPX:
                answer = connection.handle_request(sent)
        except BaseException:
            release()
            raise
        return as_httpx(answer, _Body(answer.stream, release))

    def _take(self, idle: Idle) -> httpcore.ConnectionInterface | None:
        with self._lock:
            while len(idle) > 1 and idle[0].has_expired():
                self._drop(idle.popleft())
            while idle:
                connection: httpcore.ConnectionInterface = idle.pop()
                if not connection.has_expired():
                    return connection
                self._drop(connection)
        return None

    def _connect(self, url: httpx.URL, sent: httpcore.Request) -> httpcore.ConnectionInterface:
        connection: httpcore.ConnectionInterface = self._routes.pick(url)(sent.url.origin)
        self._open.add(connection)
        return connection

    def _release(self, connection: httpcore.ConnectionInterface, idle: Idle) -> None:
        """Keep a connection for the next request, if its answer was read to the end."""
        if connection.is_available() and not self._closed:
            idle.append(connection)
        else:
            self._drop(connection)
        self._free.release()

    def _drop(self, connection: httpcore.ConnectionInterface) -> None:
        self._open.discard(connection)
        connection.close()

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        for connection in list(self._open):
            self._drop(connection)


class _Body(httpx.SyncByteStream):
    """The body of an answer, which gives its connection back when it is closed."""

    def __init__(self, inner: Any, release: Callable[[], None]) -> None:
        self._inner = inner
        self._release: Callable[[], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        with ERRORS_OF_HTTPX:
            yield from self._inner

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            try:
                self._inner.close()
            finally:
                release()


Connector = Callable[[httpcore.Origin], Any]


def connect_by(transport: Any, backend: Callable[[Any], Any]) -> Connector:
    """Return what makes the connections of a transport of httpx, which has no public way to tell it which ones."""
    pool = transport._pool  # noqa: SLF001 - see above
    pool._network_backend = backend(pool._network_backend)  # noqa: SLF001 - see above
    connect: Connector = pool.create_connection
    return connect


def as_httpcore(request: httpx.Request) -> httpcore.Request:
    """Put a request in the terms of httpcore."""
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers, extensions = request.headers.raw, request.extensions
    return httpcore.Request(request.method, target, headers=headers, content=request.stream, extensions=extensions)


def address(request: httpcore.Request) -> object:
    """Return where a request goes; requests that go to the same place may share connections."""
    return request.url.scheme, request.url.host, request.url.port


def as_httpx(answer: httpcore.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Response:
    """Put an answer in the terms of httpx, with another body."""
    return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)


ERRORS_OF_HTTPCORE = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


class _ErrorsOfHttpx:
    """Raises the errors of httpcore as those of httpx, which have the same names."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        if kind is not None and issubclass(kind, ERRORS_OF_HTTPCORE):
            raise getattr(httpx, kind.__name__)(str(error)) from error


ERRORS_OF_HTTPX = _ErrorsOfHttpx()
DEADLINE = "deadline"


class PlainTransport(OwnTransport):
    """Connections for large files elsewhere, for one thread; the extension `deadline` of a request says until when."""

    def __init__(self) -> None:
        self._deadline = TotalDeadline()
        super().__init__(lambda inner: DeadlineBackend(inner, lambda: self._deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        self._deadline.end = request.extensions.get(DEADLINE)
        return super().handle_request(request)
