"""A connection is kept for the next call, but not for so long that a POST meets a server that has just closed it."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from clients import opened
from engines import ENGINES

# Many servers close a connection after five seconds. What is on its way to one in that moment may be paid for.
SERVERS_CLOSE_AFTER = 5.0


class Handler(BaseHTTPRequestHandler):
    """Answers an empty object or list, and tells from which port each request came."""

    protocol_version = "HTTP/1.1"
    ports: list[int]

    def handle_one_request(self) -> None:
        """Answer whatever comes."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.ports.append(self.client_address[1])
        self.send_response_only(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]" if self.command == "GET" else b"{}")


@pytest.fixture
def server() -> Iterator[tuple[str, list[int]]]:
    """Run a server that closes no connection; give its address, and the ports from which requests come."""
    ports: list[int] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Keeper", (Handler,), {"ports": ports})) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}", ports
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("engine", ENGINES)
def test_post_meets_no_connection_that_was_idle_for_long(
    server: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """A call soon after another goes over its connection; a POST after half of what servers wait, over a new one."""
    url, ports = server
    now = [time.monotonic()]
    # The clock of all who keep connections; it stands still, and nobody sleeps.
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    if engine == "aiohttp":
        monkeypatch.setattr("aiohttp.connector.monotonic", lambda: now[0])

    kind, options = ENGINES[engine]
    with opened(kind, "token-0123456789", base_url=url, **options()) as leap:
        leap.images.list_all("m")
        leap.images.generate("m", prompt="A photo")
        now[0] += SERVERS_CLOSE_AFTER / 2
        leap.images.generate("m", prompt="A photo")
    first, second, third = ports
    assert first == second != third
