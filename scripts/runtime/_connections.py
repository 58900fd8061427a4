"""Connections of our own, through the proxies that the environment names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from ._deadlines import DeadlineBackend, TotalDeadline
from ._environment import Routes, ssl_context

# Many servers close a connection after five seconds. One that they close just as a request is sent may have taken it.
KEPT_ALIVE = 2.0
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=KEPT_ALIVE)


class OwnTransport(httpx.BaseTransport):
    """Connections on which an answer must be complete in time.

    Args:
        backend: Makes them of those of httpcore.
    """

    def __init__(self, backend: Callable[[Any], Any] = DeadlineBackend) -> None:
        context = ssl_context()

        def opened(proxy: httpx.Proxy | None) -> httpx.HTTPTransport:
            transport = httpx.HTTPTransport(verify=context, proxy=proxy, limits=LIMITS)
            set_backend(backend, transport)
            return transport

        self._routes = Routes(opened)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, through a proxy where there is one for it."""
        return self._routes.pick(request.url).handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for transport in self._routes.all():
            transport.close()


def set_backend(backend: Callable[[Any], Any], transport: Any) -> None:
    """Have a transport of httpx make other connections, which it has no public way to tell it."""
    pool = transport._pool  # noqa: SLF001 - see above
    pool._network_backend = backend(pool._network_backend)  # noqa: SLF001 - see above


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
