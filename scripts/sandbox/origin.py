"""An application on a loopback port of its own."""

import asyncio
import socket
from typing import Self

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

HOST = "127.0.0.1"


class Origin:
    """Scheme, host and port, and what is behind them; a context manager for the time that it is open.

    `uvicorn.Server` is left out: it looks only every tenth of a second whether it shall end, and waits for clients that
    do not leave. All else that serves is uvicorn's.

    Args:
        application: What answers the requests.
        port: The port; any free one by default.
    """

    protocol = H11Protocol

    def __init__(self, application: ASGIApp, port: int = 0) -> None:
        self.application = application
        self.url = ""
        self._port = port
        self._state = ServerState()

    async def __aenter__(self) -> Self:
        """Take a port and accept connections."""
        listening = bind(self._port)
        self.url = f"http://{HOST}:{listening.getsockname()[1]}"
        await self.accept(listening)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Refuse connections, drop those that there are, and wait for their requests to end."""
        # asyncio loses a connection that it has accepted and not handed over yet when the server is closed in between.
        for listening in self._listener.sockets:
            asyncio.get_running_loop().remove_reader(listening)
        for _ in range(2):
            await asyncio.sleep(0)
        self._listener.close()
        for connection in self._state.connections:
            connection.transport.abort()  # type: ignore[union-attr] # WebSockets are switched off
        await asyncio.gather(*self._state.tasks)

    async def accept(self, listening: socket.socket) -> None:
        """Accept connections on a socket."""
        config = Config(
            self.application,
            http=self.protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=60,  # longer than a program pauses between two requests
        )
        config.load()
        self._listener = await asyncio.get_running_loop().create_server(
            lambda: self.protocol(config=config, server_state=self._state, app_state={}),
            sock=listening,
            backlog=config.backlog,
        )


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
