"""One request and its answer, down to the bytes."""

import asyncio
import math
import socket
import struct
from dataclasses import dataclass, field
from http.client import responses
from typing import Self

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .faults import Fault
from .plan import Request

# Closing a socket that lingers for no time resets the connection.
RESET = struct.pack("ii", 1, 0)


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1; each request carries it along, because faults need the connection itself."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        """Join the connection to the state that every request of it gets a copy of.

        Args:
            transport: The connection.
        """
        super().connection_made(transport)
        self.app_state = {"protocol": self}

    @property
    def busy(self) -> bool:
        """Whether a request is waiting for its answer."""
        return self.cycle is not None and not self.cycle.response_complete


@dataclass
class Answer:
    """An application's answer, whole."""

    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Take the answer that a fault brings along."""
        headers = {**fault.headers, "content-length": str(len(fault.body))}
        return cls(fault.status or 200, [(name.encode(), text.encode()) for name, text in headers.items()], fault.body)

    async def collect(self, message: Message) -> None:
        """Add to the answer what an application sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    def head(self, fault: Fault) -> bytes:
        """Spell status line and headers, with the end of the body told as the fault wants it."""
        length = len(self.body) if fault.claim is None else fault.claim
        end = {
            "length": (b"content-length", b"%d" % length),
            "chunked": (b"transfer-encoding", b"chunked"),
            "close": (b"connection", b"close"),
        }[fault.framing]
        headers = [*((name, value) for name, value in self.headers if name.lower() != b"content-length"), end]
        lines = [
            f"HTTP/1.1 {self.status} {responses.get(self.status, '')}".encode(),
            *(b"%s: %s" % header for header in headers),
        ]
        return b"\r\n".join([*lines, b"", b""])

    def content(self, fault: Fault) -> bytes:
        """Give as much of the body as the fault lets through, framed."""
        end = len(self.body) if fault.share is None else int(len(self.body) * fault.share)
        end = end if fault.cut is None else min(end, fault.cut)
        if fault.framing != "chunked":
            return self.body[:end]
        chunk = b"%x\r\n%s\r\n" % (len(self.body), self.body) if self.body else b""
        start = len(chunk) - len(self.body) - 2
        return chunk[: start + end] if end < len(self.body) else chunk + b"0\r\n\r\n"


class Exchange:
    """A request and the connection that its answer goes to.

    Args:
        request: Where to note what happens.
        scope: The server's description of the request.
        receive: The server's way to the request.
        send: The server's way to the answer.
    """

    def __init__(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        self._request, self._scope, self._receive, self._send = request, scope, receive, send
        self._protocol: Protocol = scope["state"]["protocol"]
        self._gone: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening for the end of the connection."""
        if self._gone is not None:
            self._gone.cancel()

    async def serve(self, application: ASGIApp, fault: Fault | None) -> None:
        """Answer the request.

        Args:
            application: What handles it.
            fault: What goes wrong.
        """
        if fault is not None and fault.drop == "unread":
            await self._hang_up(reset=fault.reset)
        elif not await self._read(whole=fault is None or fault.drop != "request"):
            return
        elif fault is None:
            await self._relay(application)
        else:
            await self._spoil(application, fault)

    async def _read(self, *, whole: bool) -> bool:
        """Read the body, or some of it, and tell whether it has come as far as that."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                # A request that has come whole is handled, although whoever sent it has gone meanwhile.
                self._request.body += self._protocol.cycle.body
                return not self._protocol.cycle.more_body
            self._request.body += message["body"]
            if not (whole and message["more_body"]):
                return True

    async def _relay(self, application: ASGIApp) -> None:
        """Let the application answer."""

        async def send(message: Message) -> None:
            self._request.status = message.get("status", self._request.status)
            await self._send(message)

        self._request.reached = True
        await application(self._scope, self._replay(), send)

    def _replay(self) -> Receive:
        """Return a `receive` that starts with the body that has been read already."""
        unread: list[Message] = [{"type": "http.request", "body": self._request.body, "more_body": False}]

        async def receive() -> Message:
            return unread.pop() if unread else await self._receive()

        return receive

    async def _spoil(self, application: ASGIApp, fault: Fault) -> None:
        """Do what the fault says, in its order: act, wait, answer or not."""
        answer = Answer()
        if fault.reaches:
            self._request.reached = True
            await application(self._scope, self._replay(), answer.collect)
        if fault.status is not None:
            answer = Answer.of(fault)
        if fault.drop:
            await self._hang_up(reset=fault.reset)
        elif await self._wait(fault.delay):
            return
        elif fault.raw:
            await self._transmit(answer, fault)
        else:
            await self._respond(answer)

    async def _respond(self, answer: Answer) -> None:
        """Answer as HTTP wants it."""
        self._request.status = answer.status
        await self._send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await self._send({"type": "http.response.body", "body": answer.body})

    async def _transmit(self, answer: Answer, fault: Fault) -> None:
        """Answer below HTTP, byte by byte if need be, and close the connection."""
        self._request.status = answer.status
        head, content = answer.head(fault), answer.content(fault) if self._request.method != "HEAD" else b""
        await self._write(head, fault.drip if fault.drip_head else None)
        await self._write(content, fault.drip)
        while fault.endless and not self._protocol.transport.is_closing():
            await self._write(content or b"\0" * 65536, fault.drip)
        self._protocol.transport.close()
        await self._wait(math.inf)

    async def _write(self, data: bytes, drip: float | None) -> None:
        """Write at once, or a byte at a time."""
        for piece in [data] if drip is None else (data[at : at + 1] for at in range(len(data))):
            if await self._wait(drip or 0):
                return
            self._protocol.transport.write(piece)
            await self._protocol.flow.drain()

    async def _hang_up(self, *, reset: bool) -> None:
        """Close the connection without an answer."""
        transport = self._protocol.transport
        if reset:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        transport.abort()
        # Until the server has noticed, too, it would take the missing answer for the application's mistake.
        await self._wait(math.inf)

    async def _wait(self, seconds: float) -> bool:
        """Wait, no longer than the client does, and tell whether it has gone."""
        if self._gone is None:
            self._gone = asyncio.ensure_future(self._until_gone())
        await asyncio.wait({self._gone}, timeout=None if math.isinf(seconds) else seconds)
        return self._gone.done()

    async def _until_gone(self) -> None:
        """Wait until the connection is closed, from whichever side."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
