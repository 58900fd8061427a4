"""Fixtures that several test modules use."""

import os
import shutil
import signal
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, settings

from callers import Caller, client
from clients import KINDS, Clock, opened
from leap_client import Leap
from rig import Sandbox

# No test may fail because the machine is slow, or because of the examples that are drawn today.
settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same every time", settings.get_profile("full"), derandomize=True)

# Each has a sandbox of its own; more of them only wait for the longest test.
MOST_WORKERS = 8


def pytest_configure(config: pytest.Config) -> None:
    """Choose how examples are drawn, and heed interrupts, which a shell has its background jobs and theirs ignore."""
    settings.load_profile("full" if config.getoption("full") else "same every time")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make soak`."""
    parser.addoption("--full", action="store_true", help="run what depends on chance at its full size")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Spread the whole suite over the cores; a run of named files or tests stays in one process and starts sooner."""
    named = config.args_source is config.ArgsSource.ARGS
    return 0 if named else min(os.cpu_count() or 1, MOST_WORKERS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs git where there is none: python3 and make are all that the tests may ask of a machine."""
    if shutil.which("git") is None:
        left_out = [item for item in items if item.get_closest_marker("git")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether what depends on chance runs at its full size, which takes minutes, or at a smaller one."""
    return bool(request.config.getoption("full"))


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
