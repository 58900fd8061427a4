"""No call waits longer than it was told to, whatever the server does instead of answering."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from clients import opened
from engines import release
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import LeapError, RequestTimeout
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
SOON = 0.1

Way = tuple[type[Leap | AsyncLeap], Callable[[], dict[str, Any]]]

OURS: dict[str, Way] = {"sync": (Leap, dict), "async": (AsyncLeap, dict)}
GIVEN: dict[str, Way] = {
    "sync transport": (Leap, lambda: {"transport": httpx.HTTPTransport(verify=False)}),
    "sync http_client": (Leap, lambda: {"http_client": httpx.Client(verify=False)}),  # noqa: S501 - speaks no TLS
}
GIVEN_ASYNC: dict[str, Way] = {
    "async transport": (AsyncLeap, lambda: {"transport": httpx.AsyncHTTPTransport(verify=False)}),
    "async http_client": (AsyncLeap, lambda: {"http_client": httpx.AsyncClient(verify=False)}),  # noqa: S501 - as above
    "aiohttp": (AsyncLeap, lambda: {"transport": AiohttpTransport(verify=False)}),
}
ALL = {**OURS, **GIVEN, **GIVEN_ASYNC}
LIMITED_AS_A_WHOLE = [*OURS, *GIVEN_ASYNC]


def stuck(sandbox: Sandbox, way: Way) -> LeapError:
    """Ask for a job, and give the error that comes of it."""
    kind, given = way
    more = given()
    # Where the wait for a connection is unlimited, only the clock of our own connections counts. A busy machine may
    # take long to connect.
    limit = SOON if more else httpx.Timeout(60, read=SOON, pool=None)
    with opened(kind, sandbox.token, base_url=sandbox.url, timeout=limit, max_retries=0, **more) as leap:
        with pytest.raises(LeapError) as raised:
            leap.images.find_one(MODEL, sandbox.add_jobs()[0].id)
        release(leap, more.get("http_client"))
    return raised.value


@pytest.mark.parametrize("way", ALL)
def test_silent_server_is_given_up(sandbox: Sandbox, way: str) -> None:
    """A server that accepts a request and never answers ends in RequestTimeout."""
    sandbox.faults.add(Fault.silent(), times=None)
    assert type(stuck(sandbox, ALL[way])) is RequestTimeout


@pytest.mark.parametrize("way", ALL)
def test_dripping_body_is_given_up(sandbox: Sandbox, way: str) -> None:
    """A server that sends a byte now and then, each in time, does not hold a call until all have come."""
    sandbox.faults.add(Fault.dripping(SOON / 10), times=None)
    assert type(stuck(sandbox, ALL[way])) is RequestTimeout


@pytest.mark.parametrize("way", LIMITED_AS_A_WHOLE)
def test_dripping_head_is_given_up(sandbox: Sandbox, way: str) -> None:
    """Nor does a server whose headers come a byte at a time."""
    sandbox.faults.add(Fault.dripping(SOON / 10, head=True), times=None)
    assert type(stuck(sandbox, ALL[way])) is RequestTimeout


@pytest.mark.parametrize("part", ["head", "body"])
@pytest.mark.parametrize("way", OURS)
def test_dripping_proxy_is_given_up(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, way: str, part: str) -> None:
    """Nor does a proxy of the environment."""
    sandbox.elsewhere.faults.add(Fault.dripping(SOON / 2, head=part == "head"), times=None)
    monkeypatch.setenv("HTTP_PROXY", sandbox.elsewhere.url)
    assert type(stuck(sandbox, ALL[way])) is RequestTimeout
    assert sandbox.until(lambda: len(sandbox.elsewhere.requests) == 1)


@pytest.mark.parametrize("way", OURS)
def test_unending_body_is_given_up(sandbox: Sandbox, way: str) -> None:
    """Nor does a server that never stops sending."""
    sandbox.faults.add(Fault.unending(), times=None)
    assert type(stuck(sandbox, ALL[way])) is RequestTimeout


class Queue(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport in which a request waits for a connection, and is answered at once then."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait and answer."""
        time.sleep(self.seconds)
        return httpx.Response(200, stream=httpx.ByteStream(b"[]"), request=request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait and answer."""
        await asyncio.sleep(self.seconds)
        return httpx.Response(200, stream=httpx.ByteStream(b"[]"), request=request)


@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_wait_for_a_connection_is_not_taken_off_the_answer(kind: type[Leap | AsyncLeap]) -> None:
    """A request that had to wait for a connection, and was sent then, is not given up before it can be answered."""
    limits = httpx.Timeout(0.1, pool=60)
    with opened(kind, "token-0123456789", transport=Queue(0.3), timeout=limits, max_retries=0) as leap:
        assert leap.images.list_all(MODEL) == []


# What was told to whom.


class Watch(httpx.MockTransport):
    """A transport that notes the limits of each request."""

    def __init__(self) -> None:
        super().__init__(self.note)
        self.seen: list[dict[str, float | None]] = []

    def note(self, request: httpx.Request) -> httpx.Response:
        """Note the limits of a request and answer it."""
        self.seen.append(request.extensions["timeout"])
        return httpx.Response(200, json=[])


LIMITS: dict[str, tuple[Any, dict[str, float | None]]] = {
    "a number": (30, {"connect": 5, "read": 30, "write": 30, "pool": 30}),
    "a small number": (0.5, {"connect": 0.5, "read": 0.5, "write": 0.5, "pool": 0.5}),
    "None": (None, {"connect": None, "read": None, "write": None, "pool": None}),
    "httpx.Timeout": (httpx.Timeout(9, pool=None), {"connect": 9, "read": 9, "write": 9, "pool": None}),
}
DEFAULT = {"connect": 5, "read": 60, "write": 60, "pool": 60}
every_kind = pytest.mark.parametrize("kind", [Leap, AsyncLeap])


@every_kind
def test_default_limits(kind: type[Leap | AsyncLeap]) -> None:
    """Nobody who says nothing waits for ever: 5 seconds to connect, 60 for the answer."""
    watch = Watch()
    with opened(kind, "token-0123456789", transport=watch) as leap:
        leap.images.list_all(MODEL)
        assert leap.timeout == httpx.Timeout(60, connect=5)
    assert watch.seen == [DEFAULT]


@every_kind
@pytest.mark.parametrize("limit", LIMITS)
def test_limits_of_a_client_and_of_a_call(kind: type[Leap | AsyncLeap], limit: str) -> None:
    """A limit can be given to a client, to a copy and to a single call, and holds there alone."""
    given, expected = LIMITS[limit]
    watch = Watch()
    with opened(kind, "token-0123456789", transport=watch, timeout=given) as leap:
        leap.images.list_all(MODEL)
        leap.with_options(timeout=60).images.list_all(MODEL)
        leap.images.list_all(MODEL, timeout=httpx.Timeout(60, connect=5))
    with opened(kind, "token-0123456789", transport=watch) as leap:
        leap.with_options(timeout=given).images.list_all(MODEL)
        leap.images.list_all(MODEL, timeout=given)
        leap.images.list_all(MODEL)
    assert watch.seen == [expected, DEFAULT, DEFAULT, expected, expected, DEFAULT]


@every_kind
@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), 1e9, httpx.Timeout(0), httpx.Timeout(5, read=-1)])
def test_impossible_limit_is_refused(kind: type[Leap | AsyncLeap], limit: Any) -> None:
    """A limit that no socket could keep is refused where it is given, and nothing is sent."""
    watch = Watch()
    with pytest.raises(ValueError, match="timeout must be more than 0 seconds and at most 1000000, got "):
        kind("token-0123456789", timeout=limit)
    with opened(kind, "token-0123456789", transport=watch) as leap:
        with pytest.raises(ValueError, match="timeout must be more than 0 seconds"):
            leap.with_options(timeout=limit)
        with pytest.raises(ValueError, match="timeout must be more than 0 seconds"):
            leap.images.list_all(MODEL, timeout=limit)
    assert watch.seen == []


@every_kind
@pytest.mark.parametrize("limit", ["5", True, (5, 60), b"5"], ids=repr)
def test_limit_of_another_type_is_refused(kind: type[Leap | AsyncLeap], limit: Any) -> None:
    """What is no number of seconds is a TypeError that says what would be right."""
    message = "timeout must be a number of seconds, None or an httpx.Timeout, got "
    with pytest.raises(TypeError, match=message):
        kind("token-0123456789", timeout=limit)
    with opened(kind, "token-0123456789", transport=Watch()) as leap, pytest.raises(TypeError, match=message):
        leap.images.list_all(MODEL, timeout=limit)


def test_timeout_says_whether_the_request_was_sent(sandbox: Sandbox) -> None:
    """RequestTimeout is a TimeoutError that holds the request, and tells what to fear."""
    sandbox.faults.add(Fault.silent())
    late = pytest.raises(TimeoutError, match=r"got no complete answer in time from 127\.0\.0\.1:")
    limits = httpx.Timeout(60, read=SOON)
    with Leap(sandbox.token, base_url=sandbox.url, timeout=limits) as leap, late as raised:
        leap.images.generate(MODEL, prompt="A photo")
    error = raised.value
    assert isinstance(error, RequestTimeout)
    assert error.maybe_sent
    assert error.request.method == "POST"
    assert isinstance(error.__cause__, httpx.ReadTimeout)
    assert str(error).endswith("The request may have taken effect, so it was not sent again")
    sandbox.faults.add(Fault.silent())
    with Leap(sandbox.token, base_url=sandbox.url, timeout=SOON, max_retries=0) as leap, late as raised:
        leap.images.list_all(MODEL)
    assert str(raised.value).endswith("Allow more time with `timeout`, if the server needs it")
