"""What the environment says of proxies and certificates is used, or it is refused by the name of its variable."""

import asyncio
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from unittest.mock import Mock

import httpx
import pytest

from clients import KINDS, opened
from engines import ENGINES
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client._environment import Bypass
from leap_client.errors import ConnectionFailed, LeapError
from rig import Sandbox

MODEL = PublicModel.SDXL

UNUSABLE = {
    "scheme": (
        "ALL_PROXY",
        "socks://user:secret@proxy:1080",
        "ALL_PROXY is 'socks://proxy:1080', which cannot be used",
    ),
    "SOCKS": ("ALL_PROXY", "socks5://user:secret@proxy:1080", r"socksio; pip install \"httpx\[socks\]\", or unset it"),
    "port": ("HTTP_PROXY", "http://proxy:port", "HTTP_PROXY is 'http://proxy:port', which cannot be used"),
    "lower case": ("http_proxy", "ftp://proxy", "http_proxy is 'ftp://proxy', which cannot be used"),
    "certificates": ("SSL_CERT_FILE", "/no/such/file", "SSL_CERT_FILE is '/no/such/file', which cannot be used"),
    "no certificates": ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE is .*, which cannot be used .*; name a file of PEM"),
    "folder": ("SSL_CERT_DIR", "/no/such/folder", "SSL_CERT_DIR is '/no/such/folder', which is no folder"),
    "key log": (
        "SSLKEYLOGFILE",
        "/no/such/folder/keys",
        "SSLKEYLOGFILE is '/no/such/folder/keys', which cannot be used",
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", UNUSABLE)
def test_unusable_value_is_refused_by_its_variable(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, engine: str, case: str
) -> None:
    """The first call names the variable, its value without credentials, and what to do; nothing is sent."""
    name, value, message = UNUSABLE[case]
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv(name, value)
    kind, options = ENGINES[engine]
    if engine == "aiohttp" and case == "SOCKS":
        message = "which cannot be used: aiohttp speaks no SOCKS"
    made = opened(kind, sandbox.token, base_url=sandbox.url, **options())
    with made as leap, pytest.raises(LeapError, match=message) as raised:
        leap.images.list_all(MODEL)
    assert "secret" not in str(raised.value)
    assert sandbox.requests == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("value", ["fd07::/64", "[::1]", "fe80::/10", "127.0.0.0/8", "*", "127.0.0.1", ""])
def test_every_spelling_of_no_proxy_can_be_there(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, engine: str, value: str
) -> None:
    """Whatever container tools put into NO_PROXY, calls are made."""
    monkeypatch.setenv("NO_PROXY", value)
    kind, options = ENGINES[engine]
    with opened(kind, sandbox.token, base_url=sandbox.url, **options()) as leap:
        assert leap.images.list_all(MODEL) == []


BYPASSED = {
    "fd07::/64": (["http://[fd07::1]", "http://[fd07::ffff:1]:8080"], ["http://[fd08::1]", "http://fd07"]),
    "[::1]": (["http://[::1]:8000"], ["http://[::2]"]),
    "[::1]:8000": (["http://[::1]:8000"], ["http://[::1]"]),
    "::1": (["http://[::1]"], ["http://[::2]"]),
    "10.0.0.0/8": (["http://10.1.2.3"], ["http://11.1.2.3", "http://x10.1.2.3.example"]),
    "example.com": (["http://example.com", "https://a.example.com", "http://EXAMPLE.com."], ["http://badexample.com"]),
    ".example.com": (["http://a.example.com"], ["http://example.org"]),
    "example.com:8080": (["http://example.com:8080"], ["http://example.com"]),
    "https://example.com": (["https://example.com"], ["https://example.org"]),
    "*": (["http://example.com", "http://[::1]", "http://10.0.0.1"], []),
    "": ([], ["http://example.com", "http://localhost"]),
    " a.example , localhost ": (["http://localhost:1", "http://a.example"], ["http://b.example"]),
}


@pytest.mark.parametrize("value", BYPASSED)
def test_no_proxy_is_honoured(value: str) -> None:
    """Hosts, domains, ports and networks of both kinds are matched as they are meant."""
    direct, proxied = BYPASSED[value]
    bypass = Bypass(value)
    assert [url for url in direct if not bypass.holds(httpx.URL(url))] == []
    assert [url for url in proxied if bypass.holds(httpx.URL(url))] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_proxy_is_used(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """A proxy of the environment gets the requests, with or without a scheme in its address; NO_PROXY takes it away."""
    monkeypatch.setenv("HTTP_PROXY", sandbox.elsewhere.url.removeprefix("http://"))
    kind, options = ENGINES[engine]
    made = opened(kind, sandbox.token, base_url=sandbox.url, max_retries=0, **options())
    with made as leap, pytest.raises(LeapError):
        leap.images.list_all(MODEL)
    assert (len(sandbox.requests), len(sandbox.elsewhere.requests)) == (0, 1)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with opened(kind, sandbox.token, base_url=sandbox.url, max_retries=0, **options()) as leap:
        assert leap.images.list_all(MODEL) == []


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "HOST", "Connection"])
@pytest.mark.parametrize("kind", KINDS)
def test_headers_of_the_http_library_are_refused(kind: type[Leap | AsyncLeap], name: str) -> None:
    """A header that says how the request is sent is refused when the client is made, or changed."""
    with pytest.raises(ValueError, match=f"the header '{name}' is set by the HTTP library alone; leave it out"):
        kind("token-0123456789", headers={name: "1"})
    with pytest.raises(ValueError, match="leave it out"):
        kind("token-0123456789").with_options(headers={name: "1"})


GIVEN: dict[str, Callable[[], dict[str, object]]] = {
    "transport": lambda: {"transport": httpx.AsyncHTTPTransport(verify=False)},
    "http_client": lambda: {"http_client": httpx.AsyncClient(verify=False)},  # noqa: S501 - speaks no TLS
}


@pytest.mark.parametrize("given", GIVEN)
def test_given_connections_stay_in_their_loop(sandbox: Sandbox, given: str) -> None:
    """What a caller gave is refused in a second event loop before anything is sent, and goes on in the first."""
    options = GIVEN[given]()

    async def submit() -> None:
        leap = AsyncLeap(sandbox.token, base_url=sandbox.url, **options)  # type: ignore[arg-type] # one of both
        await leap.images.generate(MODEL, prompt="A photo")

    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(submit())
        with pytest.raises(LeapError, match=r"was used in another event loop.*make another one for each loop, or none"):
            second.run(submit())
        first.run(submit())
        first.run(next(iter(options.values())).aclose())  # type: ignore[attr-defined] # both have it
    assert len(sandbox.submitted) == 2


def test_another_library_than_asyncio_is_told(sandbox: Sandbox) -> None:
    """Where no event loop of asyncio runs, under trio for instance, a call says what to use instead."""
    leap = AsyncLeap(sandbox.token, base_url=sandbox.url)
    call = leap.images.list_all(MODEL)
    with pytest.raises(LeapError, match=r"AsyncLeap needs asyncio.*trio\.to_thread\.run_sync"):
        call.send(None)


def test_cancelled_calls_leave_the_client_alive(sandbox: Sandbox) -> None:
    """However many calls are given up while they wait for connections or answers, the next ones are answered."""

    async def look(leap: AsyncLeap, job: str, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            await leap.images.find_one(MODEL, job)

    async def main() -> None:
        job = sandbox.add_jobs()[0].id
        async with AsyncLeap(sandbox.token, base_url=sandbox.url, timeout=httpx.Timeout(60)) as leap:
            for round_ in range(5):
                calls = (look(leap, job, 0.002 * (number + round_)) for number in range(150))
                results = await asyncio.gather(*calls, return_exceptions=True)
                assert {type(result) for result in results} <= {type(None), TimeoutError}
            jobs = await asyncio.gather(*(leap.images.find_one(MODEL, job) for _ in range(150)))
            assert {each.id for each in jobs} == {job}

    asyncio.run(main())


# Connections that cannot be made.


@pytest.fixture
def nowhere() -> Iterator[str]:
    """A host and a port where nobody listens, and which nobody else is given meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def refusing_proxy() -> Iterator[str]:
    """The address of a proxy that wants a password."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def cause(engine: str, url: str) -> str:
    """Return what a call to an address says of its failure."""
    kind, options = ENGINES[engine]
    with opened(kind, "token-0123456789", base_url=url, max_retries=0, **options()) as leap:
        with pytest.raises(ConnectionFailed) as raised:
            leap.images.generate(MODEL, prompt="A photo")
        assert not raised.value.maybe_sent
        return str(raised.value)


CHECK = "check `base_url` or the variable LEAP_BASE_URL"


@pytest.mark.parametrize("engine", ENGINES)
def test_refused_connection_is_explained(nowhere: str, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """Where nothing listens, the error says where, and what to check: the address, and the proxy if there is one."""
    said = cause(engine, f"http://{nowhere}")
    assert f" could not connect to {nowhere}: " in said
    assert f"Nothing accepts connections there: {CHECK}, and whether the server runs" in said
    monkeypatch.setenv("HTTP_PROXY", f"http://{nowhere}")
    assert f"{CHECK}, the proxy that the environment names, and whether" in cause(engine, "http://api.example")


@pytest.mark.parametrize("engine", ENGINES)
def test_unknown_host_is_explained(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """A name that is not known is told as such."""
    unknown = Mock(side_effect=socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert f"The host name is not known: {CHECK}, and the network" in cause(engine, "http://api.example")


@pytest.mark.parametrize("engine", ENGINES)
def test_server_without_tls_is_explained(sandbox: Sandbox, engine: str) -> None:
    """A server that does not speak https where it was asked to is told as such."""
    assert f"It may not speak https there: {CHECK}" in cause(engine, sandbox.url.replace("http:", "https:"))


@pytest.mark.parametrize("engine", ENGINES)
def test_refusing_proxy_is_explained(refusing_proxy: str, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """A proxy that refuses is told as such."""
    monkeypatch.setenv("HTTPS_PROXY", refusing_proxy)
    assert "The proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY refuses" in cause(engine, "https://api.example")
