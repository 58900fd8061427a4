"""A client sends through what it is given, whatever that does by itself, and through the proxies of the environment."""

from pathlib import Path
from typing import Any

import httpx
import pytest

import leap_client
from clients import opened
from engines import ENGINES, Mirror, close, release
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import ConnectionFailed
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
TOKEN = "token-0123456789"

every_kind = pytest.mark.parametrize("kind", [Leap, AsyncLeap])
Kind = type[Leap | AsyncLeap]


@pytest.fixture
def mirror() -> Mirror:
    """Give a transport that keeps what it is asked."""
    return Mirror()


@every_kind
@pytest.mark.parametrize("calls", [0, 1])
def test_transport_is_closed_with_the_client(kind: Kind, mirror: Mirror, calls: int) -> None:
    """A transport that was given is closed with the client, whether it was used or not, and not with a copy."""
    with opened(kind, TOKEN, transport=mirror) as leap:
        copy = leap.with_options(timeout=3)
        for _ in range(calls):
            leap.images.list_all(MODEL)
            copy.images.list_all(MODEL)
        close(copy)
        assert mirror.closed == 0
    assert mirror.closed == 1


class Tools:
    """An httpx client with everything that one can have, and a note of what it does."""

    def __init__(self, kind: Kind, proxy: httpx.MockTransport) -> None:
        self.hooked: list[str] = []
        options: dict[str, Any] = {
            "headers": {"X-Default": "1"},
            "cookies": {"flavour": "sweet"},
            "auth": ("user", "password"),
            "base_url": "https://example.com/elsewhere",
            "follow_redirects": True,
            "timeout": 0.001,
            "mounts": {"https://mounted.example.com": proxy},
            "verify": False,
        }
        if kind is Leap:
            self.client: Any = httpx.Client(**options)
        else:
            self.client = httpx.AsyncClient(**options)
        hook = self.hook if kind is Leap else self.hook_async
        self.client.event_hooks = {"request": [hook], "response": [hook]}

    def hook(self, what: httpx.Request | httpx.Response) -> None:
        """Note what passes, and read it, as hooks do."""
        if isinstance(what, httpx.Response):
            what.read()
        self.hooked.append(type(what).__name__)

    async def hook_async(self, what: httpx.Request | httpx.Response) -> None:
        """Note what passes, and read it, as hooks do."""
        if isinstance(what, httpx.Response):
            await what.aread()
        self.hooked.append(type(what).__name__)


@every_kind
def test_http_client_keeps_its_habits_and_gets_the_token(kind: Kind, sandbox: Sandbox) -> None:
    """Hooks, cookies and headers of an httpx client hold; address, time limits and authorisation are ours."""
    tools = Tools(kind, Mirror())
    with opened(kind, sandbox.token, base_url=sandbox.url, http_client=tools.client) as leap:
        job = leap.images.generate(MODEL, prompt="A photo")
        assert leap.images.find_one(MODEL, job.id).id == job.id
        assert not tools.client.is_closed
        release(leap, tools.client)
    headers = sandbox.requests[0].headers
    assert headers["authorization"] == f"Bearer {sandbox.token}"
    assert headers["x-default"] == "1"
    assert headers["cookie"] == "flavour=sweet"
    assert headers["user-agent"] == f"leap-client/{leap_client.__version__}"
    assert tools.hooked == ["Request", "Response"] * 2


@every_kind
def test_http_client_sends_through_its_mounts(kind: Kind) -> None:
    """A mount of an httpx client takes the requests that it is for."""
    proxy = Mirror()
    tools = Tools(kind, proxy)
    with opened(kind, TOKEN, base_url="https://mounted.example.com", http_client=tools.client) as leap:
        leap.images.list_all(MODEL, only_finished=True)
        release(leap, tools.client)
    assert proxy.seen[0].url.query == b"onlyFinished=true"


@every_kind
def test_http_client_may_have_a_name_of_its_own(kind: Kind) -> None:
    """A user agent that was given to the httpx client is kept, and one that was given to ours goes before it."""
    mirror = Mirror()
    http: Any = (httpx.Client if kind is Leap else httpx.AsyncClient)(transport=mirror, headers={"User-Agent": "mine"})
    with opened(kind, TOKEN, http_client=http) as leap:
        leap.images.list_all(MODEL)
        leap.with_options(headers={"User-Agent": "ours"}).images.list_all(MODEL)
        release(leap, http)
    assert [request.headers.get_list("user-agent") for request in mirror.seen] == [["mine"], ["ours"]]


def test_tools_of_the_other_kind_are_refused(mirror: Mirror) -> None:
    """An asynchronous httpx client in a synchronous one, or the other way round, is a TypeError at once."""
    with httpx.Client(transport=mirror) as http, pytest.raises(TypeError, match=r"^http_client must be an httpx.Async"):
        AsyncLeap(TOKEN, http_client=http)  # type: ignore[arg-type] # that is what is tested
    with pytest.raises(TypeError, match=r"^http_client must be an httpx.Client, got AsyncClient$"):
        Leap(TOKEN, http_client=httpx.AsyncClient(transport=mirror))  # type: ignore[arg-type] # as above
    with pytest.raises(TypeError, match=r"^transport must have the method handle_async_request, got HTTPTransport$"):
        AsyncLeap(TOKEN, transport=httpx.HTTPTransport(verify=False))  # type: ignore[arg-type] # as above
    with pytest.raises(TypeError, match=r"^transport must have the method handle_request, got AsyncHTTPTransport$"):
        Leap(TOKEN).with_options(transport=httpx.AsyncHTTPTransport(verify=False))  # type: ignore[arg-type] # as above
    with httpx.Client(transport=mirror) as http, pytest.raises(ValueError, match="exclude each other"):
        Leap(TOKEN, transport=mirror, http_client=http)


@every_kind
def test_copy_may_go_other_ways(kind: Kind, mirror: Mirror, sandbox: Sandbox) -> None:
    """A copy may be given another transport, or None for connections of our own; the original keeps its own."""
    with opened(kind, sandbox.token, base_url=sandbox.url) as leap:
        leap.with_options(transport=mirror).images.list_all(MODEL)
        leap.images.list_all(MODEL)
    assert (len(mirror.seen), len(sandbox.requests)) == (1, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_proxies_of_the_environment_are_used(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: str
) -> None:
    """Our own connections go through the proxy that the environment names, unless it excepts the host.

    They do not look for passwords in the environment.
    """
    passwords = tmp_path / "netrc"
    passwords.write_text("default login user password pa55word\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("NETRC", str(passwords))
    monkeypatch.setenv("HTTP_PROXY", sandbox.elsewhere.url)
    sandbox.elsewhere.faults.add(Fault.dropped(), Fault.json([]))
    kind, options = ENGINES[engine]
    with opened(kind, sandbox.token, base_url="http://leap.invalid/x", max_retries=0, **options()) as leap:
        with pytest.raises(ConnectionFailed):
            leap.images.list_all("m")
        assert leap.images.list_all("m") == []
    assert len(sandbox.elsewhere.requests) == 2
    for request in sandbox.elsewhere.requests:
        assert request.headers["host"] == "leap.invalid"
        assert request.headers["authorization"] == f"Bearer {sandbox.token}"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with opened(kind, sandbox.token, base_url=sandbox.url, **options()) as leap:
        assert leap.images.list_all(MODEL) == []
    assert len(sandbox.requests) == 1
