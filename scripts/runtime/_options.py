"""The options of a client: what they may be, and what follows from them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import accumulate, chain
from typing import Any, NamedTuple, Self

import httpx

from . import _aiohttp, _async_connections, _connections, _spec
from ._async_transport import AsyncClientTransport
from ._deadlines import AsyncDeadlineTransport, DeadlineTransport
from ._transport import ClientTransport
from .types import UNSET

CONNECT_TIMEOUT = 5.0
DEFAULT_TIMEOUT = httpx.Timeout(60.0, connect=CONNECT_TIMEOUT)
# Eleven days; sockets cannot wait much longer.
LONGEST_TIMEOUT = 1_000_000.0
DEFAULT_MAX_RETRIES = 2
DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024
# They say how a request is sent, which only what sends it can know.
NOT_FOR_CALLERS = {"connection", "content-length", "host", "transfer-encoding"}
AIOHTTP = "aiohttp"
AGENT = {"user-agent": f"service-client/{_spec.VERSION}"}
# What can be decompressed piece by piece, so that nothing grows beyond what is wanted.
ENCODINGS = {"accept-encoding": "gzip, deflate"}


class Options(NamedTuple):
    """The options of a client, complete and checked."""

    base_url: str
    timeout: httpx.Timeout
    max_retries: int
    headers: dict[str, str]
    max_response_bytes: int
    transport: Any = None
    http_client: Any = None

    @classmethod
    def of(  # noqa: PLR0913 - a client has so many options
        cls,
        *,
        base_url: str | None,
        timeout: float | httpx.Timeout | None,
        max_retries: int,
        headers: Mapping[str, str] | None,
        max_response_bytes: int,
        transport: Any,
        http_client: Any,
    ) -> Self:
        """Check the options of a new client, and fill in what is left out."""
        return cls(
            base_url=as_base_url(base_url),
            timeout=as_timeout(timeout),
            max_retries=as_max_retries(max_retries),
            headers=as_headers(headers or {}),
            max_response_bytes=as_max_response_bytes(max_response_bytes),
            transport=transport,
            http_client=http_client,
        )

    def changed(  # noqa: PLR0913 - a client has so many options
        self,
        *,
        base_url: Any,
        timeout: Any,
        max_retries: Any,
        headers: Any,
        max_response_bytes: Any,
        transport: Any,
        http_client: Any,
    ) -> Options:
        """Return a copy in which every argument that is not UNSET takes the place of what there was."""
        own = transport is not UNSET or http_client is not UNSET
        return Options(
            base_url=self.base_url if base_url is UNSET else as_base_url(base_url),
            timeout=self.timeout if timeout is UNSET else as_timeout(timeout),
            max_retries=self.max_retries if max_retries is UNSET else as_max_retries(max_retries),
            headers=self.headers if headers is UNSET else {**self.headers, **as_headers(headers)},
            max_response_bytes=self.max_response_bytes
            if max_response_bytes is UNSET
            else as_max_response_bytes(max_response_bytes),
            transport=(transport or None) if own else self.transport,
            http_client=(http_client or None) if own else self.http_client,
        )

    def check_kind(self, client: type, method: str) -> None:
        """Refuse a transport or an httpx client of the other kind, synchronous or asynchronous, and both at once."""
        if self.transport is not None and self.http_client is not None:
            raise ValueError("transport and http_client exclude each other: give the transport to your http_client")
        if self.http_client is not None and not isinstance(self.http_client, client):
            raise TypeError(f"http_client must be an httpx.{client.__name__}, got {type(self.http_client).__name__}")
        if self.transport is None or hasattr(self.transport, method):
            return
        if self.transport != AIOHTTP or "async" not in method:
            raise TypeError(f"transport must have the method {method}, got {type(self.transport).__name__}")

    def all_headers(self) -> dict[str, str]:
        """Return the headers of every request: ours, unless the caller or the caller's httpx client has others."""
        agent = "" if self.http_client is None else self.http_client.headers.get("user-agent", "")
        if agent and not agent.startswith("python-httpx/"):
            return {**ENCODINGS, **self.headers}
        return {**AGENT, **ENCODINGS, **self.headers}

    def open_transport(self) -> httpx.BaseTransport:
        """Open what sends requests."""
        if self.http_client is not None:
            return DeadlineTransport(ClientTransport(self.http_client))
        if self.transport is not None:
            return DeadlineTransport(self.transport)
        return _connections.OwnTransport()

    def open_async_transport(self) -> httpx.AsyncBaseTransport:
        """Open what sends requests asynchronously."""
        if self.http_client is not None:
            _aiohttp.client_without_own_retries(self.http_client)
            return AsyncDeadlineTransport(AsyncClientTransport(self.http_client), queued=False)
        if self.transport == AIOHTTP:
            return _aiohttp.open_aiohttp_transport()
        if self.transport is not None:
            return AsyncDeadlineTransport(_aiohttp.without_own_retries(self.transport), queued=False)
        return _async_connections.open_async_transport()

    @property
    def given(self) -> Any:
        """The transport that the caller gave, to be closed with the client."""
        return None if self.transport == AIOHTTP else self.transport

    @property
    def bound(self) -> Any:
        """What the caller gave to send requests through, if it has connections, which belong to one event loop."""
        given = self.given if self.http_client is None else self.http_client
        # An httpx client has no public way to tell its transport.
        transport = getattr(given, "_transport", given)
        return None if isinstance(transport, httpx.MockTransport) else given


def as_base_url(base_url: str | None) -> str:
    """Fill in and check where the API is."""
    variable = os.environ.get(_spec.SERVER_VARIABLE)
    url = base_url or variable or _spec.SERVER_URL
    name = _spec.SERVER_VARIABLE if variable and not base_url else "base_url"
    wanted = f"{name} must be like https://host/path, without user name, query or fragment"
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{wanted}: {error}") from None
    plain = not parsed.userinfo and url == url.strip() and "?" not in url and "#" not in url
    if parsed.scheme not in {"http", "https"} or not parsed.host or (parsed.port or 1) >= 2**16 or not plain:
        # The repr of httpx hides a password.
        raise ValueError(f"{wanted}, got {repr(parsed).removeprefix('URL(').removesuffix(')')}")
    url = url.rstrip("/")
    # One segment may well be the gateway's own.
    begin = (accumulate(path.split("/"), lambda way, segment: f"{way}/{segment}") for path in _spec.PATHS_BEGIN)
    twice = next((way for way in chain(*begin) if way.count("/") > 1 and url.endswith(way)), "")
    if twice and url != _spec.SERVER_URL:
        raise ValueError(
            f"{name} must not end in {twice}, which the client adds by itself; give {url.removesuffix(twice)!r}"
        )
    return url


def as_max_retries(max_retries: int) -> int:
    """Check how many attempts may follow the first one."""
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        raise ValueError(f"max_retries must be a whole number from 0 up, got {max_retries!r}")
    return max_retries


def as_max_response_bytes(max_response_bytes: int) -> int:
    """Check how large an answer may be."""
    if isinstance(max_response_bytes, bool) or not isinstance(max_response_bytes, int) or max_response_bytes < 1:
        raise ValueError(f"max_response_bytes must be a whole number from 1 up, got {max_response_bytes!r}")
    return max_response_bytes


def as_timeout(timeout: float | httpx.Timeout | None) -> httpx.Timeout:
    """Make one number the limit for the answer; to connect never takes longer than by default."""
    given = timeout
    if timeout is not None and not isinstance(timeout, httpx.Timeout):
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout must be a number of seconds, None or an httpx.Timeout, got {given!r}")
        timeout = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))
    limits = httpx.Timeout(timeout)
    if not all(each is None or 0 < each <= LONGEST_TIMEOUT for each in limits.as_dict().values()):
        raise ValueError(f"timeout must be more than 0 seconds and at most {LONGEST_TIMEOUT:.0f}, got {given!r}")
    return limits


def as_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Copy headers under names in lower case, so that none is sent twice, and check that they can be sent."""
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"the header {name!r} must be a string")
        if any(char in f"{name}{value}" for char in "\r\n\0"):
            raise ValueError(f"the header {name!r} must not hold line breaks")
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or not value.isascii() or "\x7f" in value:
            raise ValueError(
                f"the header {name!r} cannot be sent: its name or its value holds what HTTP does not allow"
            )
        if name.lower() in NOT_FOR_CALLERS:
            raise ValueError(f"the header {name!r} is set by the HTTP library alone; leave it out")
    return {name.lower(): value for name, value in headers.items()}
