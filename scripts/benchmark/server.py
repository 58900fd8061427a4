"""Answer like the API on loopback, without TLS and with it, as fast as Python can; print the two ports first."""

import asyncio
import json
import re
import ssl
import sys
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = ROOT / "tests" / "localhost.pem"
RECORDING = ROOT / "tests" / "recordings" / "findOne" / "finished-2023-06-20.json"
JOB = json.loads(RECORDING.read_text("utf-8"))["response"]["json"]
TARGET = re.compile(r"/.*/(\d+)-jobs/\w+(/[\w-]+)?")


@lru_cache
def answer(target: str) -> bytes:
    """Give a whole answer; it is made once, so that what is timed is the client."""
    found = TARGET.fullmatch(target)
    assert found, target  # noqa: S101 - no peer asks for anything else
    count, job = found.groups()
    jobs = [{**JOB, "id": f"{number:08}{JOB['id'][8:]}"} for number in range(int(count))]
    body = json.dumps({**JOB, "id": job[1:]} if job else jobs, separators=(",", ":")).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Connection(asyncio.Protocol):
    """One client, which may send several requests."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is, for TCP
        self.transport, self.received = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete; none has a body."""
        *requests, self.received = (self.received + data).split(b"\r\n\r\n")
        for request in requests:
            self.transport.write(answer(request.split(b" ", 2)[1].decode()))


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
