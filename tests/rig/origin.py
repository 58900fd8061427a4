"""An application on a loopback port, with a log of its requests and with faults."""

import asyncio
import socket
import threading
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

import sandbox.origin
from sandbox.origin import HOST, SETTINGS, bind

from .plan import Faults, Request
from .wire import Exchange, Protocol


class Origin(sandbox.origin.Origin):
    """An origin that can misbehave.

    `uvicorn.Server` is left out: it looks only every tenth of a second whether it shall end, and it cannot refuse
    connections for a while. All else that serves is uvicorn's.

    Args:
        application: What answers the requests.
        changed: Told about every request that comes or ends.
        port: The port; any free one by default.
    """

    def __init__(self, application: ASGIApp, changed: threading.Condition, port: int = 0) -> None:
        super().__init__(application, port)
        self.faults = Faults()
        self._changed = changed
        self._requests: list[Request] = []
        self._state = ServerState()

    async def __aenter__(self) -> Self:
        """Take a port and accept connections."""
        self._socket = bind(self.port)
        # Held even while nobody listens: a port that is free for a moment may be given to anybody.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.port = self._socket.getsockname()[1]
        await self.accept()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Drop all connections and give the port back."""
        await self.refuse()
        self._socket.close()

    @property
    def requests(self) -> list[Request]:
        """The requests so far, in the order in which their heads arrived."""
        return list(self._requests)

    async def reset(self) -> None:
        """Forget the requests and the faults, drop the connections with a request under way, and wait for its end."""
        self.faults.clear()
        for connection in self._connections():
            if connection.busy:
                connection.transport.abort()
        await asyncio.gather(*self._state.tasks)
        self._requests = []

    async def accept(self) -> None:
        """Accept connections."""
        config = Config(self, http=Protocol, **SETTINGS)
        config.load()
        self._listener = await asyncio.get_running_loop().create_server(
            lambda: Protocol(config=config, server_state=self._state, app_state={}),
            sock=_share(self.port),
            backlog=config.backlog,
        )

    async def refuse(self) -> None:
        """Refuse connections, drop those that there are, and wait for their requests to end."""
        # asyncio loses a connection that it has accepted and not handed over yet when the server is closed in between.
        for listening in self._listener.sockets:
            asyncio.get_running_loop().remove_reader(listening)
        for _ in range(2):
            await asyncio.sleep(0)
        self._listener.close()
        for connection in self._connections():
            connection.transport.abort()
        await asyncio.sleep(0)  # a transport closes its socket in the next turn of the loop
        await asyncio.gather(*self._state.tasks)

    def _connections(self) -> list[Protocol]:
        """List the open connections."""
        return [connection for connection in self._state.connections if isinstance(connection, Protocol)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it.

        Args:
            scope: The server's description of the request.
            receive: The server's way to the request.
            send: The server's way to the answer.
        """
        request = Request.of(scope)
        request.fault = self.faults.take(request)
        self._requests.append(request)
        self._tell()
        try:
            async with Exchange(request, scope, receive, send) as exchange:
                await exchange.serve(self.application, request.fault)
        finally:
            request.ended = True
            self._tell()

    def _tell(self) -> None:
        """Wake whoever waits for something to happen."""
        with self._changed:
            self._changed.notify_all()


def _share(port: int) -> socket.socket:
    """Make a second socket on a port that is taken, to listen with."""
    shared = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    shared.bind((HOST, port))
    return shared
