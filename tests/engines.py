"""The ways in which a request can travel: each kind of client on its own connections, and the other engine."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from clients import Blocking, opened
from leap_client import AsyncLeap, Leap
from rig import Sandbox

# Looks like no other text, and has what JSON, URLs and HTML escape.
SECRET = "sk-4f9/Qz+7c1&e0=="

ENGINES: dict[str, tuple[type[Leap | AsyncLeap], Callable[[], dict[str, Any]]]] = {
    "sync": (Leap, dict),
    "async": (AsyncLeap, dict),
    "aiohttp": (AsyncLeap, lambda: {"transport": "aiohttp"}),
}


@pytest.fixture(scope="module", params=ENGINES)
def running_leap(request: pytest.FixtureRequest, running_sandbox: Sandbox) -> Iterator[Leap]:
    """One client on each engine for all tests of a module; it takes the place of the fixture in conftest.py."""
    kind, options = ENGINES[request.param]
    with opened(kind, running_sandbox.token, base_url=running_sandbox.url, **options()) as leap:
        yield leap


def look_around(leap: Leap) -> None:
    """Let an event loop that runs only during calls see what has happened to its connections since the last one.

    Args:
        leap: A client, on any engine.
    """
    if isinstance(leap, Blocking):
        for _ in range(3):
            leap._runner.run(asyncio.sleep(0))  # noqa: SLF001 - the loop is nobody else's


def release(leap: Leap, http_client: httpx.Client | httpx.AsyncClient | None) -> None:
    """Close an httpx client that was given to a client, where its connections are.

    Args:
        leap: The client, on any engine.
        http_client: The httpx client; None if there is none.
    """
    if isinstance(http_client, httpx.Client):
        http_client.close()
    elif http_client is not None and isinstance(leap, Blocking):
        leap._runner.run(http_client.aclose())  # noqa: SLF001 - the loop is nobody else's


def close(leap: Leap) -> None:
    """Close a client.

    Args:
        leap: The client, on any engine.
    """
    (leap.aclose if isinstance(leap, Blocking) else leap.close)()


class Mirror(httpx.MockTransport):
    """A transport that keeps what it is asked, and knows whether it was closed."""

    def __init__(self) -> None:
        super().__init__(self.keep)
        self.seen: list[httpx.Request] = []
        self.closed = 0

    def keep(self, request: httpx.Request) -> httpx.Response:
        """Keep a copy of a request, as it is on its way."""
        self.seen.append(httpx.Request(request.method, request.url, headers=request.headers, content=request.content))
        return httpx.Response(200, json=[])

    def close(self) -> None:
        """Note that it was closed."""
        self.closed += 1

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed += 1
