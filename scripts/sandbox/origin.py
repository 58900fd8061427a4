"""An application on a loopback port of its own."""

import asyncio
import socket
from typing import Any, Self

from starlette.types import ASGIApp
from uvicorn import Config, Server

HOST = "127.0.0.1"
# A connection is kept for longer than a program pauses between two requests.
SETTINGS: dict[str, Any] = {
    "ws": "none",
    "lifespan": "off",
    "log_config": None,
    "access_log": False,
    "timeout_keep_alive": 60,
}


class Origin:
    """Scheme, host and port, and what is behind them; a context manager for the time that it is open."""

    def __init__(self, application: ASGIApp, port: int = 0) -> None:
        self.application = application
        self.port = port

    async def __aenter__(self) -> Self:
        """Take the port and accept connections."""
        listening = bind(self.port)
        listening.listen()  # whoever connects from now on waits for an answer
        self.port = listening.getsockname()[1]
        self._server = Server(Config(self.application, **SETTINGS))
        self._serving = asyncio.create_task(self._server.serve([listening]))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give the port back, whoever is still connected."""
        self._server.should_exit = self._server.force_exit = True
        await self._serving

    @property
    def url(self) -> str:
        """The address, without a path."""
        return f"http://{HOST}:{self.port}"


def bind(port: int) -> socket.socket:
    """Take a port, alone."""
    # Only for a socket that says it is TCP does asyncio switch Nagle's algorithm off, which costs 40 ms.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if port:  # One that was in use a minute ago is as good as free; one that the system picks is free.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError:
        taken.close()
        raise
    return taken
