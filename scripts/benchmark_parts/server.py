"""Answer like the API, on a free port of loopback, until the input ends.

    python -m benchmark_parts.server

prints the port. It does as little as it can for an answer, so that what is measured is the client: it holds no state,
and keeps every answer that it has made. What it answers is in the address. The model `observed-1000` has 1,000 jobs,
described as the API was observed to; those of `documented-1000` are described as its vendor documents them. The address
`/images/50/0.png` is that of an image of 50 kB.
"""

import asyncio
import json
import re
import sys
from functools import lru_cache
from urllib.parse import parse_qs

from benchmark_parts import bodies

JOBS = re.compile(r"/api/v1/images/models/(observed|documented)-(\d+)/inferences(?:/([\w-]+))?(?:\?(.*))?")
IMAGE = re.compile(r"/images/(\d+)/0\.png")
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END_OF_HEAD = b"\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One client, which may send several requests over it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - the type that TCP has, which asyncio cannot state
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._received += data
        while (end := self._received.find(END_OF_HEAD)) >= 0:
            head = self._received[:end]
            length = CONTENT_LENGTH.search(head)
            end += len(END_OF_HEAD) + (int(length[1]) if length else 0)
            if len(self._received) < end:
                return
            self._received = self._received[end:]
            self._transport.write(answer(head.partition(b"\r\n")[0].decode("ascii")))


@lru_cache(maxsize=1024)
def answer(request_line: str) -> bytes:
    """Give a whole answer, head and body.

    Args:
        request_line: The first line of the request.
    """
    method, target, _ = request_line.split(" ")
    if found := IMAGE.fullmatch(target):
        return with_head(b"200 OK", b"image/png", bodies.image(int(found[1])))
    if not (found := JOBS.fullmatch(target)):
        return NOT_FOUND
    described, count, job_id, query = found.groups()
    in_list, in_find_one = (bodies.LIST, bodies.FIND_ONE) if described == "observed" else (bodies.DOCUMENTED,) * 2
    if method == "POST":
        return with_head(b"201 Created", b"application/json", json.dumps(bodies.job("new", in_list)).encode())
    if method == "DELETE":
        return with_head(b"200 OK", b"application/json", b"")
    if job_id:
        return with_head(b"200 OK", b"application/json", json.dumps(bodies.job(job_id, in_find_one)).encode())
    return with_head(b"200 OK", b"application/json", bodies.page(on_page(int(count), query or ""), in_list))


def with_head(status: bytes, content_type: bytes, body: bytes) -> bytes:
    """Put a head before a body."""
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d" % (status, content_type, len(body))
    return head + END_OF_HEAD + body


def on_page(count: int, query: str) -> range:
    """Tell which jobs are on a page; the first page is number 0."""
    asked = {name: int(values[-1]) for name, values in parse_qs(query).items() if values[-1].isdecimal()}
    size = asked.get("pageSize", count)
    return range(count)[asked.get("page", 0) * size :][:size]


async def serve() -> None:
    """Serve until the input ends, which it does with the process that holds its other end."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve())
