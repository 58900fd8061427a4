"""Answers that came although the connection broke, that are too large, and that a server spoils on purpose."""

import asyncio
import gzip
import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_aiohttp import HttpxAiohttpClient

from clients import KINDS, opened
from engines import ENGINES
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import ApiError, ConnectionFailed, DecodeError, LeapError, RequestTimeout
from leap_client.models import InferenceEntity

MODEL = PublicModel.SDXL
TOKEN = "token-0123456789abcdef"
RECORDINGS = Path(__file__).parent / "recordings"
CERTIFICATE = Path(__file__).parent / "localhost.pem"
JOB = {
    "id": "ea4b8b8d-3f3a-4b0e-8b1c-6f6a0b0d4c11",
    "createdAt": "2023-02-10T08:08:25.842Z",
    "prompt": "A photo of an astronaut riding a horse",
    "negativePrompt": "",
    "seed": 1,
    "width": 512,
    "height": 512,
    "promptStrength": 7,
    "numberOfImages": 1,
    "state": "queued",
    "steps": 50,
    "images": [],
    "modelId": "26a1a203-3a46-42cb-8cfa-f4de075907d8",
}
BODY = json.dumps(JOB).encode()

Kind = type[Leap | AsyncLeap]


class Wire:
    """A server on loopback that sends bytes as they are: one script for each connection, the last one again and again.

    Args:
        context: To speak TLS with.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.scripts: list[Callable[[socket.socket], object]] = []
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """Where it is."""
        host = "http://127.0.0.1" if self._context is None else "https://localhost"
        return f"{host}:{self._listener.getsockname()[1]}"

    def sends(self, *pieces: bytes) -> None:
        """Send pieces to each connection, and close it."""

        def script(connection: socket.socket) -> None:
            for piece in pieces:
                connection.sendall(piece)

        self.scripts = [script]

    def _accept(self) -> None:
        while not self.ended.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            speaking = connection
            if self._context is not None:
                speaking = self._context.wrap_socket(connection, server_side=True)
            with speaking:
                self.requests.append(read_request(speaking))
                script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
                script(speaking)

    def close(self) -> None:
        """Stop serving, and let go of every connection."""
        self.ended.set()
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname()).close()
        for thread in self._threads:
            thread.join()
        self._listener.close()


def read_request(connection: socket.socket) -> bytes:
    """Read one request."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536) or b"\r\n\r\n"
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536) or b" " * int(lengths[0])
    return head


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Run such a server."""
    made = Wire()
    yield made
    made.close()


def chunked(*chunks: bytes) -> bytes:
    """Frame a body in chunks, without the last one."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def head(*headers: str, status: str = "201 Created") -> bytes:
    """Make the head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: application/json", *headers, "", ""]).encode()


CHUNKED = head("Transfer-Encoding: chunked")
BROKEN: dict[str, tuple[bytes, ...]] = {
    "closed before the last chunk": (CHUNKED, chunked(BODY[:100], BODY[100:])),
    "closed within the last chunk": (CHUNKED, chunked(BODY), b"0\r\n"),
    "no chunk where one should be": (CHUNKED, chunked(BODY), b"nonsense\r\n"),
    "content-length too large": (head(f"Content-Length: {len(BODY) + 2}"), BODY),
    "compressed": (head("Transfer-Encoding: chunked", "Content-Encoding: gzip"), chunked(gzip.compress(BODY))),
    "after many informational answers": (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, CHUNKED, chunked(BODY)),
}


# aiohttp drops what it has when a chunk has no size.
DROPPED = {("no chunk where one should be", "aiohttp")}


@pytest.mark.parametrize(
    ("case", "engine"), [(case, each) for case in BROKEN for each in ENGINES if (case, each) not in DROPPED]
)
def test_answer_that_came_whole_is_the_answer(wire: Wire, engine: str, case: str) -> None:
    """A job whose whole JSON arrived is returned, though the framing of the answer broke afterwards."""
    wire.sends(*BROKEN[case])
    kind, options = ENGINES[engine]
    with opened(kind, TOKEN, base_url=wire.url, **options()) as leap:
        assert leap.images.generate(MODEL, prompt="A photo").id == JOB["id"]
    assert len(wire.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_answer_that_came_whole_outlives_a_silent_server(wire: Wire, kind: Kind) -> None:
    """A server that hangs behind the last brace costs the time of the call, and not the job."""

    def hang(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + chunked(BODY))
        wire.ended.wait(60)

    wire.scripts = [hang]
    # The answer must come within this time although the machine is busy, and then all of it passes.
    with opened(kind, TOKEN, base_url=wire.url, timeout=httpx.Timeout(60, read=3)) as leap:
        assert leap.images.generate(MODEL, prompt="A photo").id == JOB["id"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [len(b'{"id": "ea4b'), BODY.index(b'"seed"') + 9, len(BODY) - 1])
def test_answer_that_was_cut_goes_with_the_error(wire: Wire, kind: Kind, length: int) -> None:
    """The error of a submission whose answer was cut has what came of the job, and nothing that may be half of it."""
    wire.sends(head(f"Content-Length: {len(BODY)}"), BODY[:length])
    with opened(kind, TOKEN, base_url=wire.url) as leap, pytest.raises(ConnectionFailed) as raised:
        leap.images.generate(MODEL, prompt="A photo")
    assert raised.value.maybe_sent
    whole = {name: value for name, value in JOB.items() if BODY.find(f'"{name}"'.encode()) < length}
    job = raised.value.job or {}
    assert job.items() <= JOB.items()
    assert len(job) >= len(whole) - 1
    assert len(wire.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_answer_is_no_larger_than_allowed(wire: Wire, kind: Kind, status: str) -> None:
    """A success above `max_response_bytes` is refused while it comes, compressed or not; a refusal is cut."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = b"".join(bomb.compress(b'[ "' + b"a" * 1_000_000) for _ in range(50)) + bomb.flush()
    plain = b'[ "' + b"a" * 2_000_000 + b'"]'
    for headers, body in (("Content-Encoding: gzip", packed), ("X-Plain: yes", plain)):
        wire.sends(head(f"Content-Length: {len(body)}", headers, status=status), body)
        options = {"max_response_bytes": 1_000_000, "max_retries": 0}
        with opened(kind, TOKEN, base_url=wire.url, **options) as leap, pytest.raises(LeapError) as raised:
            leap.images.list_all(MODEL)
        error = raised.value
        if isinstance(error, ApiError):
            assert (error.status_code, len(error.body) < 2_000_000) == (500, True)
        else:
            assert isinstance(error, DecodeError)
            assert str(error).endswith("the body is larger than max_response_bytes, 1000000 bytes")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "gzip, deflate"])
def test_compression_that_was_not_asked_for_is_refused(wire: Wire, kind: Kind, coding: str) -> None:
    """An answer is decompressed once, and by what was asked for; any other compression is told by its name."""
    packed = gzip.compress(gzip.compress(BODY))
    wire.sends(head(f"Content-Length: {len(packed)}", f"Content-Encoding: {coding}"), packed)
    with opened(kind, TOKEN, base_url=wire.url) as leap, pytest.raises(DecodeError, match=f"compressed as '{coding}'"):
        leap.images.generate(MODEL, prompt="A photo")
    assert b"accept-encoding: gzip, deflate" in wire.requests[0].lower()


DRIPS: dict[str, tuple[bytes, bytes]] = {
    "head": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "informational answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunk extensions": (head("Transfer-Encoding: chunked") + b"1;", b"a"),
    "empty blocks of gzip": (
        head("Transfer-Encoding: chunked", "Content-Encoding: gzip") + chunked(gzip.compress(b"")[:10]),
        chunked(b"\x00\x00\x00\xff\xff"),
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("drip", DRIPS)
def test_drip_is_given_up(wire: Wire, engine: str, drip: str) -> None:
    """A server that sends something now and then, whatever it is, does not hold a call beyond its time."""
    first, again = DRIPS[drip]

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        while not wire.ended.wait(0.02):
            connection.sendall(again)

    wire.scripts = [script]
    kind, options = ENGINES[engine]
    limits = {"timeout": 0.2, "max_retries": 0, **options()}
    with opened(kind, TOKEN, base_url=wire.url, **limits) as leap, pytest.raises(RequestTimeout):
        leap.images.list_all(MODEL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "malformed",
    [b"HTTP/1.1 2%s\r\n\r\n", b"HTTP/1.1 200 OK\r\n%s \x00: 1\r\n\r\n", CHUNKED + b"%s\r\n", b"%s\r\n\r\n"],
    ids=["status", "header", "chunk size", "status line"],
)
def test_malformed_answer_does_not_show_the_token(wire: Wire, kind: Kind, malformed: bytes) -> None:
    """A server that sends the token back where HTTP has no place for it does not get it into an error or its causes."""
    wire.sends(malformed % TOKEN.encode())
    with opened(kind, TOKEN, base_url=wire.url, max_retries=0) as leap, pytest.raises(ConnectionFailed) as raised:
        leap.images.list_all(MODEL)
    error: BaseException | None = raised.value
    while error is not None:
        assert TOKEN not in f"{error} {error!r} {vars(error)}"
        error = error.__cause__ or error.__context__


def test_corrupt_tls_is_a_lost_connection() -> None:
    """A record that TLS cannot read is told as a connection that failed, by either client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    wire = Wire(context)

    def spoil(connection: socket.socket) -> None:
        with socket.socket(fileno=socket.dup(connection.fileno())) as raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
            wire.ended.wait(1)

    wire.scripts = [spoil]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
            for kind in KINDS:
                with opened(kind, TOKEN, base_url=wire.url, max_retries=0) as leap, pytest.raises(ConnectionFailed):
                    leap.images.generate(MODEL, prompt="A photo")
    finally:
        wire.close()


def test_hook_that_streams_does_not_lose_the_job(wire: Wire) -> None:
    """A hook of a caller's client that reads the body, or streams it, leaves the answer to be returned."""
    wire.sends(head(f"Content-Length: {len(BODY)}"), BODY)
    ways: list[Callable[[httpx.Response], Any]] = [
        lambda response: response.read(),
        lambda response: list(response.iter_raw()),
        lambda response: list(response.iter_bytes()),
        lambda response: next(response.iter_raw()),
    ]
    for way in ways:
        given = httpx.Client(event_hooks={"response": [way]})
        with given, Leap(TOKEN, base_url=wire.url, http_client=given) as leap:
            assert leap.images.generate(MODEL, prompt="A photo").id == JOB["id"]

    async def stream(response: httpx.Response) -> None:
        assert [chunk async for chunk in response.aiter_raw()]

    async def main() -> str:
        given = httpx.AsyncClient(event_hooks={"response": [stream]})
        async with given, AsyncLeap(TOKEN, base_url=wire.url, http_client=given) as leap:
            return (await leap.images.generate(MODEL, prompt="A photo")).id

    assert asyncio.run(main()) == JOB["id"]


@pytest.mark.parametrize("method", ["delete", "find_one"])
def test_aiohttp_client_does_not_send_again_by_itself(wire: Wire, method: str) -> None:
    """An `HttpxAiohttpClient` sends a request once where no retries are wanted."""

    def once(connection: socket.socket) -> None:
        connection.sendall(head("Content-Length: 2", status="200 OK") + b"[]")
        wire.requests.append(read_request(connection))

    wire.scripts = [once]

    async def main() -> None:
        given = HttpxAiohttpClient()
        async with given, AsyncLeap(TOKEN, base_url=wire.url, http_client=given, max_retries=0) as leap:
            await leap.images.list_all(MODEL)
            with pytest.raises(ConnectionFailed):
                await getattr(leap.images, method)(MODEL, "1")

    asyncio.run(main())
    assert len(wire.requests) == 2


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64) + b"IEND\xaeB`\x82"
IMAGE = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
SLOW_IMAGES: dict[str, tuple[bytes, bytes]] = {
    "head": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "informational answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (IMAGE + b"Content-Length: 9999\r\n\r\n" + PNG[:8], b"a"),
    "chunk extensions": (IMAGE + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "empty blocks of gzip": (
        IMAGE + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunked(gzip.compress(b"")[:10]),
        chunked(b"\x00\x00\x00\xff\xff"),
    ),
}


def image_of(wire: Wire) -> Any:
    """Make a job with one image on a server."""
    image = {"id": "i", "uri": f"{wire.url}/0.png", "createdAt": JOB["createdAt"]}
    return InferenceEntity.from_dict({**JOB, "state": "finished", "images": [image]})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("drip", SLOW_IMAGES)
def test_image_that_drips_is_given_up(wire: Wire, tmp_path: Path, engine: str, drip: str) -> None:
    """A server of an image that sends something now and then does not hold a download beyond its time."""
    first, again = SLOW_IMAGES[drip]

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        while not wire.ended.wait(0.02):
            connection.sendall(again)

    wire.scripts = [script]
    kind, options = ENGINES[engine]
    with opened(kind, TOKEN, base_url=wire.url, **options()) as leap, pytest.raises(RequestTimeout):
        leap.images.download(image_of(wire), tmp_path, timeout=0.3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "gzip"])
def test_image_grows_no_larger_than_allowed(wire: Wire, tmp_path: Path, kind: Kind, coding: str) -> None:
    """An image is decompressed once and up to `max_bytes`, and compressed images are not even asked for."""
    packed = gzip.compress(PNG[:8] + bytes(50_000_000), 9)
    packed = gzip.compress(packed, 9) if coding == "gzip, gzip" else packed
    wire.sends(IMAGE + f"Content-Encoding: {coding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode(), packed)
    expected = "is larger than max_bytes" if coding == "gzip" else f"is compressed as '{coding}'"
    with opened(kind, TOKEN, base_url=wire.url) as leap, pytest.raises(DecodeError, match=expected):
        leap.images.download(image_of(wire), tmp_path, max_bytes=1_000_000)
    assert b"accept-encoding: identity" in wire.requests[0].lower()
    assert list(tmp_path.iterdir()) == []
