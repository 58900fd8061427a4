"""Fixtures that several test modules use: the sandbox, and clients of it."""

from collections.abc import Iterator

import httpx
import pytest

from callers import Caller, client
from clients import KINDS, Clock, opened
from leap_client import Leap
from rig import Sandbox


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """One sandbox for all tests, because starting one takes longer than most tests."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The API on loopback, as new: `sandbox.reset(seconds=4)` makes it behave otherwise."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture(scope="session", params=KINDS, ids=lambda kind: kind.__name__)
def running_leap(request: pytest.FixtureRequest, running_sandbox: Sandbox) -> Iterator[Leap]:
    """One client of each kind for all tests, because opening one reads all certificates there are."""
    with opened(request.param, running_sandbox.token, base_url=running_sandbox.url) as leap:
        yield leap


@pytest.fixture
def leap(running_leap: Leap, sandbox: Sandbox) -> Leap:
    """A client of the sandbox: `Leap`, and then `AsyncLeap` used as if it were synchronous."""
    assert sandbox.url == running_leap.base_url
    return running_leap


@pytest.fixture
def clock(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the sandbox and of both clients, which stands still but for their pauses."""
    clock = Clock()
    clock.rule(monkeypatch)
    sandbox.reset(clock=clock)
    return clock


@pytest.fixture
def caller(sandbox: Sandbox) -> Iterator[Caller]:
    """Whoever has the token."""
    headers = {"authorization": f"Bearer {sandbox.token}"}
    with client(base_url=sandbox.url, headers=headers) as http:
        yield Caller(http, sandbox.facts.models[0])


@pytest.fixture
def stranger(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Whoever has no token."""
    with client(base_url=sandbox.url) as http:
        yield http


@pytest.fixture
def uri(caller: Caller) -> str:
    """Address of an image."""
    address: str = caller.make(width=64, height=128)["images"][0]["uri"]
    return address


@pytest.fixture
def receiver(sandbox: Sandbox) -> str:
    """A webhookUrl: the origin elsewhere logs what comes."""
    return f"{sandbox.elsewhere.url}/hook?secret=s3"
