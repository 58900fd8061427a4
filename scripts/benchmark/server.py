"""Answer like the API on loopback, without TLS and with it, as fast as Python can; print the two ports first."""

import asyncio
import json
import re
import ssl
import sys
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = ROOT / "tests" / "localhost.pem"
RECORDING = ROOT / "tests" / "recordings" / "findOne" / "finished-2023-06-20.json"
JOB = json.loads(RECORDING.read_text("utf-8"))["response"]["json"]
TARGET = re.compile(r"/api/v1/images/models/(\d+)-jobs/inferences(/[\w-]+)?\??(.*)|/(\d+)-kB\.png")
PNG = b"\x89PNG\r\n\x1a\n%b\0\0\0\0IEND\xaeB`\x82"


@lru_cache(maxsize=1024)
def answer(method: str, target: str) -> bytes:
    """Return a whole answer; it is made once, so that what is timed is the client."""
    found = TARGET.fullmatch(target)
    assert found, target  # noqa: S101 - no peer asks for anything else
    count, job, query, kilobytes = found.groups()
    body = json.dumps({**JOB, "id": job[1:]} if job else JOB).encode()
    if kilobytes:
        body = PNG % bytes(1000 * int(kilobytes) - len(PNG % b""))
    elif method == "GET" and not job:
        asked = {name: int(value) for name, value in parse_qsl(query)}
        size = asked.get("pageSize", int(count))
        numbers = range(int(count))[asked.get("page", 0) * size :][:size]
        jobs = [{**JOB, "id": f"{number:08}{JOB['id'][8:]}"} for number in numbers]
        body = json.dumps(jobs, separators=(",", ":")).encode()
    kind = b"image/png" if kilobytes else b"application/json"
    return b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (kind, len(body), body)


class Connection(asyncio.Protocol):
    """One client, which may send several requests."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is, for TCP
        self.transport, self.received = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            length = re.search(rb"\r\ncontent-length: *(\d+)", self.received[:end], re.IGNORECASE)
            end += 4 + int(length[1] if length else 0)
            if len(self.received) < end:
                return
            method, target, _ = self.received.split(b" ", 2)
            self.received = self.received[end:]
            self.transport.write(answer(method.decode(), target.decode()))


async def serve() -> None:
    """Serve until the input ends, which it does with the process that holds its other end."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    servers = [await loop.create_server(Connection, "127.0.0.1", 0, ssl=context) for context in (None, tls)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve())
