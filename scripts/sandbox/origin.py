"""An ASGI application on a loopback port."""

import asyncio
import socket
from typing import Any, Self

from starlette.types import ASGIApp
from uvicorn import Config, Server

HOST = "127.0.0.1"
# Keep-alive outlasts the pauses that programs make between requests.
SETTINGS: dict[str, Any] = {
    "ws": "none",
    "lifespan": "off",
    "log_config": None,
    "access_log": False,
    "timeout_keep_alive": 60,
}


class Origin:
    """An origin (scheme, host and port) and the application that it serves; an async context manager."""

    def __init__(self, application: ASGIApp, port: int = 0) -> None:
        self.application = application
        self.port = port

    async def __aenter__(self) -> Self:
        """Bind the port and accept connections."""
        listening = bind(self.port)
        listening.listen()  # connections are queued from now on
        self.port = listening.getsockname()[1]
        self._server = Server(Config(self.application, **SETTINGS))
        self._serving = asyncio.create_task(self._server.serve([listening]))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections and release the port."""
        self._server.should_exit = self._server.force_exit = True
        await self._serving

    @property
    def url(self) -> str:
        """The address, without a path."""
        return f"http://{HOST}:{self.port}"


def bind(port: int) -> socket.socket:
    """Bind a port exclusively."""
    # asyncio disables Nagle's algorithm, which costs 40 ms, only for sockets that are declared as TCP.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if port:  # in TIME_WAIT, a port is as good as free
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError:
        taken.close()
        raise
    return taken
