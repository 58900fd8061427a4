"""Our own connections: how many there are, who may check certificates, and the engine that is an extra."""

import asyncio
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from clients import opened
from engines import ENGINES
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client._async_connections import MAX_SHARDS, SHARD_SIZE, Shards
from leap_client.errors import ConnectionFailed
from rig import Fault, Sandbox

# A key that opens nothing, and a certificate that says so of `localhost` alone.
CERTIFICATE = Path(__file__).parent / "localhost.pem"


class Gate(httpx.AsyncBaseTransport):
    """A small pool whose answers wait until they are let through."""

    def __init__(self, opened: asyncio.Event) -> None:
        self.opened = opened
        self.now = self.most = self.seen = self.closed = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer once the gate is open; fail where the path says so."""
        self.now += 1
        self.seen += 1
        self.most = max(self.most, self.now)
        try:
            await self.opened.wait()
            if request.url.path == "/fail":
                raise httpx.ReadError("told to")
        finally:
            self.now -= 1
        return httpx.Response(200, content=self.body())

    async def body(self) -> AsyncIterator[bytes]:
        """Give a body in one piece."""
        yield b"body"

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed += 1


async def ask(shards: Shards, path: str = "/") -> bytes:
    """Send one request, read its answer and close it, as the client does."""
    response = await shards.handle_async_request(httpx.Request("GET", f"http://test{path}"))
    try:
        return await response.aread()
    finally:
        await response.aclose()


@pytest.mark.parametrize("count", [1, SHARD_SIZE, SHARD_SIZE + 1, SHARD_SIZE * MAX_SHARDS, SHARD_SIZE * MAX_SHARDS + 7])
def test_requests_spread_over_as_few_pools_as_hold_them(count: int) -> None:
    """A pool gets as many requests at once as it has connections; only beyond all of them do requests queue."""

    async def main() -> list[Gate]:
        gates: list[Gate] = []
        opened = asyncio.Event()

        def open_gate() -> Gate:
            gates.append(Gate(opened))
            return gates[-1]

        shards = Shards(open_gate)
        tasks = [asyncio.create_task(ask(shards)) for _ in range(count)]
        await asyncio.sleep(0)
        opened.set()
        assert await asyncio.gather(*tasks) == [b"body"] * count
        await shards.aclose()
        return gates

    gates = asyncio.run(main())
    assert len(gates) == min(-(-count // SHARD_SIZE), MAX_SHARDS)
    assert sum(gate.seen for gate in gates) == count
    assert max(gate.most for gate in gates) <= SHARD_SIZE
    assert {gate.closed for gate in gates} == {1}


def test_connection_is_to_spare_again_whatever_happened() -> None:
    """A request that failed, or that was cancelled, holds no place in its pool."""

    async def main() -> None:
        gates: list[Gate] = []
        opened = asyncio.Event()

        def open_gate() -> Gate:
            gates.append(Gate(opened))
            return gates[-1]

        shards = Shards(open_gate)
        for _ in range(SHARD_SIZE):
            task = asyncio.create_task(ask(shards))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        opened.set()
        for _ in range(SHARD_SIZE):
            with pytest.raises(httpx.ReadError):
                await ask(shards, "/fail")
        await asyncio.gather(*(ask(shards) for _ in range(SHARD_SIZE * MAX_SHARDS)))
        assert sum(gate.now for gate in gates) == 0
        # What was cancelled may have hurt its pool, which is closed once nothing is under way in it.
        assert [gate.closed for gate in gates[:SHARD_SIZE]] == [1] * SHARD_SIZE

    asyncio.run(main())


def test_many_at_once_reuse_their_connections(sandbox: Sandbox) -> None:
    """Two hundred calls at once are all answered, over no more than a hundred connections, and so are the next ones."""

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            for _ in range(2):
                jobs = await asyncio.gather(
                    *(leap.images.generate(PublicModel.SDXL, prompt=f"A photo, {number}") for number in range(200))
                )
                assert len({job.id for job in jobs}) == len(jobs)

    asyncio.run(main())
    assert len(sandbox.submitted) == 400


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
        with pytest.raises(ConnectionFailed, match="CERTIFICATE_VERIFY_FAILED") as raised:
            leap.with_options(base_url=secure).images.list_all("m")
        assert not raised.value.maybe_sent
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with opened(kind, "token-0123456789", base_url="http://127.0.0.1:1", **options()) as leap:
        assert leap.with_options(base_url=secure).images.list_all("m") == []
        other = secure.replace("localhost", "127.0.0.1")
        with pytest.raises(ConnectionFailed, match=r"not valid for '127\.0\.0\.1'"):
            leap.with_options(base_url=other, max_retries=0).images.list_all("m")


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
