"""Our own connections: how many there are, who may check certificates, and the engine that is an extra."""

import asyncio
import os
import shutil
import socketserver
import ssl
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import Mock, call

import httpcore
import httpx
import pytest

from clients import Blocking, opened
from engines import ENGINES
from leap_client import AsyncLeap, Leap, PublicModel, _aiohttp, _async_connections, _connections
from leap_client._async_connections import AsyncQueue
from leap_client.errors import ConnectionFailed
from rig import Fault, Sandbox

# A key that opens nothing, and a certificate that says so of `localhost` alone.
CERTIFICATE = Path(__file__).parent / "localhost.pem"


class Gate(httpx.AsyncBaseTransport):
    """A transport whose answers wait until they are let through."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.seen: list[str] = []
        self.now = self.most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer once the gate is open; fail where the path says so."""
        self.seen.append(request.url.path)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.opened.wait()
            if request.url.path == "/fail":
                raise httpx.ReadError("told to")
        finally:
            self.now -= 1
        return httpx.Response(200, content=self.body())

    async def body(self) -> AsyncIterator[bytes]:
        """Return a body in one piece."""
        yield b"body"


async def ask(queue: AsyncQueue, path: str = "/", pool: float | None = None) -> bytes:
    """Send one request, read its answer and close it, as the client does."""
    request = httpx.Request("GET", f"http://test{path}", extensions={"timeout": {"pool": pool}})
    response = await queue.handle_async_request(request)
    try:
        return await response.aread()
    finally:
        await response.aclose()


def test_requests_queue_in_the_order_in_which_they_came() -> None:
    """No more are under way than there may be connections; the others follow one by one, or are given up in time."""

    async def main() -> None:
        queue = AsyncQueue(gate := Gate(), size=2)
        tasks = [asyncio.create_task(ask(queue, f"/{number}")) for number in range(7)]
        await asyncio.sleep(0)
        with pytest.raises(httpx.PoolTimeout):
            await ask(queue, pool=0.001)
        gate.opened.set()
        assert await asyncio.gather(*tasks) == [b"body"] * 7
        assert gate.seen == [f"/{number}" for number in range(7)]
        assert gate.most == 2

    asyncio.run(main())


def test_place_in_the_queue_is_free_again_whatever_happened() -> None:
    """A request that failed holds no place, nor does one that was cancelled under way, or while it waited."""

    async def main() -> None:
        queue = AsyncQueue(gate := Gate(), size=2)
        tasks = [asyncio.create_task(ask(queue)) for _ in range(7)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        gate.opened.set()
        for _ in range(3):
            with pytest.raises(httpx.ReadError):
                await ask(queue, "/fail")
        assert await asyncio.gather(*(ask(queue) for _ in range(7))) == [b"body"] * 7
        assert gate.now == 0

    asyncio.run(main())


class Peer(socketserver.StreamRequestHandler):
    """One connection to a `Server`."""

    server: "Server"

    def handle(self) -> None:
        """Answer requests until the client closes the connection, or the server does."""
        self.server.count("opened")
        with suppress(OSError):
            while self.rfile.readline().strip():
                while self.rfile.readline().strip():
                    pass
                self.server.count("asked")
                self.server.answers.wait()
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        self.server.count("ended")


class Server(socketserver.ThreadingTCPServer):
    """Answers every request with an empty list, once it may, and counts its connections."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Peer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answers = threading.Event()
        self.answers.set()
        self.counts: Counter[str] = Counter()
        self._changed = threading.Condition()

    def count(self, what: str) -> None:
        """Note that something happened to a connection."""
        with self._changed:
            self.counts[what] += 1
            self._changed.notify_all()

    def reaches(self, **counts: int) -> bool:
        """Wait until so much has happened; tell whether it has in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.counts.items() >= counts.items(), timeout=60)

    def answer_once(self, asked: int) -> None:
        """Answer nothing until so many requests have come."""
        if self.reaches(asked=asked):
            self.answers.set()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that counts."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def at_once(leap: Leap, count: int, prepare: Callable[[], object]) -> None:
    """List jobs so many times at once, on either kind of client, and prepare for the answers meanwhile."""
    helper = threading.Thread(target=prepare)
    helper.start()
    if isinstance(leap, Blocking):

        async def main() -> None:
            await asyncio.gather(*(leap.inner.images.list_all("m") for _ in range(count)))

        leap.blocking(main())
    else:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(leap.images.list_all, "m" * count))
    helper.join()


# A busy machine may take long to make a hundred connections; one that was given up and made again would count twice.
PATIENT: dict[str, Any] = {"timeout": httpx.Timeout(600)}


def keep_alive(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let idle connections expire after so many seconds."""
    for module in (_aiohttp, _async_connections, _connections):
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=seconds)
        monkeypatch.setattr(module, "LIMITS", limits)


@pytest.mark.parametrize("engine", ENGINES)
def test_many_at_once_share_a_hundred_connections(server: Server, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 150 calls at once 100 are under way; all are answered, and so are the next ones, on the same connections."""
    keep_alive(monkeypatch, 600)
    kind, options = ENGINES[engine]
    with opened(kind, "token-0123456789", base_url=server.url, **PATIENT, **options()) as leap:
        server.answers.clear()
        at_once(leap, 150, lambda: server.answer_once(100))
        assert server.reaches(asked=150)
        at_once(leap, 80, lambda: None)
        assert (server.counts["opened"], server.counts["ended"]) == (100, 0)
    assert server.reaches(ended=100)


@pytest.mark.parametrize("engine", ["sync", "async"])
def test_connections_that_expired_are_closed(server: Server, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When much less is to do than before, the next call closes the connections that nobody needs any more."""
    keep_alive(monkeypatch, 0)
    kind, options = ENGINES[engine]
    with opened(kind, "token-0123456789", base_url=server.url, **PATIENT, **options()) as leap:
        server.answers.clear()
        at_once(leap, 20, lambda: server.answer_once(20))
        leap.images.list_all("m")
        assert server.reaches(opened=21, ended=20)


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (Leap, "httpx.HTTPTransport.handle_request"),
        (AsyncLeap, "httpx.AsyncHTTPTransport.handle_async_request"),
        (Leap, "httpcore.HTTPConnection.handle_request"),
        (AsyncLeap, "httpcore.AsyncHTTPConnection.handle_async_request"),
    ],
)
def test_libraries_that_stand_in_for_httpx_do(
    kind: type[Leap | AsyncLeap], place: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the likes of pytest-httpx, respx and vcrpy take over in httpx, no request of ours goes by them."""

    def answer(_self: object, request: Any) -> Any:
        library = httpx if isinstance(request, httpx.Request) else httpcore
        return library.Response(200, content=b"[]")

    async def answer_async(_self: object, request: Any) -> Any:
        return answer(_self, request)

    monkeypatch.setattr(place, answer_async if "async" in place else answer)
    with opened(kind, "token-0123456789", base_url=server.url) as leap:
        assert leap.images.list_all("m") == []
    assert server.counts["opened"] == 0


STAGES = {"handshake": ("https", b""), "head": ("http", b"HTTP/1.1 2"), "body": ("http", b"HTTP/1.1 200 OK\r\n\r\n[")}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("engine", ["async", "aiohttp"])
def test_cancelled_call_leaves_no_connection(engine: str, stage: str) -> None:
    """A call that is cancelled before its answer is complete closes its connection, be it only half made."""
    scheme, beginning = STAGES[stage]

    async def main() -> None:
        come, ended = asyncio.Event(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(2**16)
            writer.write(beginning)
            come.set()
            with suppress(OSError):
                while await reader.read(2**16):
                    pass
            writer.close()
            ended.set()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
            url = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
            async with AsyncLeap("token-0123456789", base_url=url, **ENGINES[engine][1]()) as leap:
                call = asyncio.create_task(leap.images.list_all("m"))
                await come.wait()
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
                await asyncio.wait_for(ended.wait(), 60)

    asyncio.run(main())


class Secure(BaseHTTPRequestHandler):
    """Answers everything with an empty list."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Put up with a client that does not trust the certificate."""
        with suppress(OSError):
            super().handle()

    def do_GET(self) -> None:
        """Answer."""
        self.send_response_only(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")


@pytest.fixture
def secure() -> Iterator[str]:
    """The address of a server that speaks TLS, with a certificate that is trusted by nobody who is not told to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with ThreadingHTTPServer(("127.0.0.1", 0), Secure) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"https://localhost:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("engine", ENGINES)
def test_certificates_are_checked(secure: str, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """A server is trusted by its certificate alone, also by a copy of a client that had nothing to do with TLS."""
    kind, options = ENGINES[engine]
    with opened(kind, "token-0123456789", base_url="http://127.0.0.1:1", max_retries=0, **options()) as leap:
        with pytest.raises(
            ConnectionFailed, match=r"CERTIFICATE_VERIFY_FAILED.* name their file in SSL_CERT_FILE"
        ) as raised:
            leap.with_options(base_url=secure).images.list_all("m")
        assert not raised.value.maybe_sent
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with opened(kind, "token-0123456789", base_url="http://127.0.0.1:1", **options()) as leap:
        assert leap.with_options(base_url=secure).images.list_all("m") == []
        other = secure.replace("localhost", "127.0.0.1")
        with pytest.raises(ConnectionFailed, match=r"not valid for '127\.0\.0\.1'"):
            leap.with_options(base_url=other, max_retries=0).images.list_all("m")


@pytest.mark.parametrize("engine", ENGINES)
def test_certificates_are_loaded_once_and_anew_when_they_change(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """No download and no other client loads them again, which takes long, until there are others."""
    load = Mock(side_effect=httpx.create_ssl_context)
    monkeypatch.setattr(httpx, "create_ssl_context", load)
    trusted = tmp_path / "trusted.pem"
    shutil.copy(CERTIFICATE, trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    kind, options = ENGINES[engine]
    sandbox.reset(seconds=0)
    for expected in (1, 2):
        for _ in range(2):
            with opened(kind, sandbox.token, base_url=sandbox.url, **options()) as leap:
                job = leap.images.generate_and_wait(PublicModel.SDXL, prompt="A", width=8, height=8, interval=0.01)
                assert len([leap.images.download(job, tmp_path) for _ in range(2)]) == 2
        assert load.mock_calls.count(call()) == expected
        os.utime(trusted, ns=(expected, expected))


def test_aiohttp_is_one_argument(sandbox: Sandbox) -> None:
    """With `transport="aiohttp"` aiohttp sends the requests, also those of a changed copy and of another event loop."""
    leap = AsyncLeap(sandbox.token, base_url=sandbox.url, transport="aiohttp")

    async def main() -> None:
        await leap.images.list_all(PublicModel.SDXL)
        await leap.with_options(max_retries=0).images.list_all(PublicModel.SDXL)
        await leap.aclose()

    asyncio.run(main())
    assert len(sandbox.requests) == 2
    again = AsyncLeap(sandbox.token, base_url=sandbox.url).with_options(transport="aiohttp")

    async def other() -> None:
        async with again:
            await again.images.list_all(PublicModel.SDXL)

    asyncio.run(other())
    assert len(sandbox.requests) == 3


def test_aiohttp_that_is_not_installed_is_told(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the first call says what to install; nothing is sent."""
    monkeypatch.setitem(sys.modules, "httpx_aiohttp", None)

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url, transport="aiohttp") as leap:
            await leap.images.list_all(PublicModel.SDXL)

    with pytest.raises(ImportError, match=r'pip install "leap-client\[aiohttp\]"'):
        asyncio.run(main())
    assert sandbox.requests == []


def test_aiohttp_is_asynchronous_alone() -> None:
    """The synchronous client refuses aiohttp when it is made, and so does either one a name that it does not know."""
    with pytest.raises(TypeError, match="transport must have the method handle_request, got str"):
        Leap("sandbox-token", transport="aiohttp")  # type: ignore[arg-type] # that is what is tested
    with pytest.raises(TypeError, match="transport must have the method handle_async_request, got str"):
        AsyncLeap("sandbox-token", transport="urllib")  # type: ignore[arg-type] # as above


def test_dropped_connection_leaves_its_pool_usable(sandbox: Sandbox) -> None:
    """After connections were lost at every stage, the next calls of the same client are answered."""

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url, max_retries=0) as leap:
            for fault in (Fault.dropped("unread"), Fault.dropped("request"), Fault.dropped("answer"), Fault.half()):
                sandbox.faults.add(fault)
                await asyncio.gather(leap.images.list_all(PublicModel.SDXL), return_exceptions=True)
                assert await leap.images.list_all(PublicModel.SDXL) == []

    asyncio.run(main())


@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_connection_that_cannot_be_closed_harms_no_call(
    kind: type[Leap | AsyncLeap], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while a lost connection is closed hides nothing, and leaves its place to the next call."""
    close, aclose = httpcore.HTTPConnection.close, httpcore.AsyncHTTPConnection.aclose

    def fail(self: httpcore.HTTPConnection) -> None:
        close(self)
        raise OSError("told to")

    async def fail_async(self: httpcore.AsyncHTTPConnection) -> None:
        await aclose(self)
        raise OSError("told to")

    monkeypatch.setattr(httpcore.HTTPConnection, "close", fail)
    monkeypatch.setattr(httpcore.AsyncHTTPConnection, "aclose", fail_async)
    monkeypatch.setattr(_connections, "MAX_CONNECTIONS", 1)
    with opened(kind, sandbox.token, base_url=sandbox.url, max_retries=0, timeout=60) as leap:
        for _ in range(2):
            sandbox.faults.add(Fault.dropped())
            with pytest.raises(ConnectionFailed, match="Server disconnected"):
                leap.images.list_all(PublicModel.SDXL)
        assert leap.images.list_all(PublicModel.SDXL) == []
