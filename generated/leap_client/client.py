# Generated from openapi.yaml by `make generate`. Do not edit.
"""The two clients, `Leap` and `AsyncLeap`: where the API is, who asks, and how patiently."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypeVar

import httpx

from . import __version__, _transport
from ._token import Token, token_fault
from .errors import DecodeError, LeapError, api_error, path_of
from .types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ._async_connections import AsyncPool
    from ._connections import Pool

__all__ = ("AsyncLeap", "Leap")

logger = logging.getLogger(__package__)
T = TypeVar("T")

CONNECT_TIMEOUT = 5.0
DEFAULT_TIMEOUT = httpx.Timeout(60.0, connect=CONNECT_TIMEOUT)
# Eleven days; sockets cannot wait much longer.
LONGEST_TIMEOUT = 1_000_000.0
DEFAULT_MAX_RETRIES = 2
AIOHTTP = "aiohttp"
AGENT = {"user-agent": f"leap-client/{__version__}"}
DEFAULT_HEADERS = {**AGENT, "accept-encoding": "gzip, deflate"}
# The attributes of a client that are made anew in a copy.
CONNECTED = {
    "_pool",
    "_sender",
    "images",
}


@lru_cache(maxsize=256)
def _cached_url(text: str) -> httpx.URL:
    """Parse an address, which is the longest part of making a request; a job is asked for again and again."""
    return httpx.URL(text)


def _url(text: str, params: dict[str, Any] | None) -> httpx.URL:
    """Parse an address, with a query or without; of those with one, hardly any comes twice."""
    return httpx.URL(f"{text}?{httpx.QueryParams(params)}") if params else _cached_url(text)


class _Options(NamedTuple):
    """What a client was told, complete and checked."""

    base_url: str
    timeout: httpx.Timeout
    max_retries: int
    headers: dict[str, str]
    transport: Any = None
    http_client: Any = None

    def changed(
        self, base_url: Any, timeout: Any, max_retries: Any, headers: Any, transport: Any, http_client: Any
    ) -> _Options:
        """Give a copy in which every argument that is not UNSET takes the place of what there was."""
        own = transport is not UNSET or http_client is not UNSET
        return _Options(
            base_url=self.base_url if base_url is UNSET else _as_base_url(base_url),
            timeout=self.timeout if timeout is UNSET else _as_timeout(timeout),
            max_retries=self.max_retries if max_retries is UNSET else _as_max_retries(max_retries),
            headers=self.headers if headers is UNSET else {**self.headers, **_as_headers(headers)},
            transport=(transport or None) if own else self.transport,
            http_client=(http_client or None) if own else self.http_client,
        )

    def check_kind(self, client: type, method: str) -> None:
        """Refuse a transport or an httpx client that is of the other kind, synchronous or asynchronous, or both at once."""
        if self.transport is not None and self.http_client is not None:
            raise ValueError("transport and http_client exclude each other: give the transport to your http_client")
        if self.http_client is not None and not isinstance(self.http_client, client):
            raise TypeError(f"http_client must be an httpx.{client.__name__}, got {type(self.http_client).__name__}")
        if self.transport is None or hasattr(self.transport, method):
            return
        if self.transport != AIOHTTP or "async" not in method:
            raise TypeError(f"transport must have the method {method}, got {type(self.transport).__name__}")

    def all_headers(self) -> dict[str, str]:
        """Give the headers of every request: ours, unless the caller or the caller's httpx client has others."""
        if self.http_client is None:
            return {**DEFAULT_HEADERS, **self.headers}
        agent = self.http_client.headers.get("user-agent", "")
        return self.headers if agent and not agent.startswith("python-httpx/") else {**AGENT, **self.headers}

    def open_transport(self) -> httpx.BaseTransport:
        """Open what sends requests."""
        if self.http_client is not None:
            return _transport.HastyTransport(_transport.ClientTransport(self.http_client, ours=False))
        if self.transport is not None:
            return _transport.HastyTransport(self.transport)
        from ._connections import open_transport

        return open_transport()

    def open_async_transport(self) -> httpx.AsyncBaseTransport:
        """Open what sends requests asynchronously."""
        from . import _async_connections, _async_transport

        if self.http_client is not None:
            return _async_transport.AsyncClientTransport(self.http_client, ours=False)
        if self.transport == AIOHTTP:
            return _async_connections.open_aiohttp_transport()
        if self.transport is not None:
            transport: httpx.AsyncBaseTransport = _async_connections.without_own_retries(self.transport)
            return transport
        return _async_connections.open_async_transport()

    @property
    def given(self) -> Any:
        """The transport that the caller gave, to be closed with the client."""
        return None if self.transport == AIOHTTP else self.transport


def _as_base_url(base_url: str | None) -> str:
    """Fill in and check where the API is."""
    url = base_url or os.environ.get("LEAP_BASE_URL") or "https://api.tryleap.ai"
    wanted = "base_url must be like https://host/path, without user name, query or fragment"
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{wanted}: {error}") from None
    plain = not parsed.userinfo and url == url.strip() and "?" not in url and "#" not in url
    if parsed.scheme not in {"http", "https"} or not parsed.host or (parsed.port or 1) >= 2**16 or not plain:
        raise ValueError(f"{wanted}, got {parsed!r}")
    return url.rstrip("/")


def _as_max_retries(max_retries: int) -> int:
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        raise ValueError(f"max_retries must be a whole number from 0 up, got {max_retries!r}")
    return max_retries


def _as_timeout(timeout: float | httpx.Timeout | None) -> httpx.Timeout:
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


def _as_headers(headers: Mapping[str, str]) -> dict[str, str]:
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
    return {name.lower(): value for name, value in headers.items()}


def _token(value: object) -> tuple[Token | None, str]:
    """Wrap a token, or say what keeps it from being sent, without showing it."""
    if value is None:
        return None, "there is none"
    if fault := token_fault(value):
        return None, fault
    return Token(str(value), "Authorization", "Bearer "), ""


class _Base:
    """What the two clients have in common: options, and all that is done before and after the wait for an answer."""

    _options: _Options
    _headers: dict[str, str]
    _token: Token | None

    def __repr__(self) -> str:
        name, options = type(self).__name__, vars(self).get("_options")
        if options is None:  # a traceback may show a client that did not come to be
            return f"{name}()"
        return f"{name}(base_url={options.base_url!r}, max_retries={options.max_retries})"

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return self._options.base_url

    @property
    def timeout(self) -> httpx.Timeout:
        """How long one attempt of a call may take, in seconds: to connect, and then to have the whole answer."""
        return self._options.timeout

    @property
    def max_retries(self) -> int:
        """How many attempts may follow the first one."""
        return self._options.max_retries

    def __getstate__(self) -> dict[str, Any]:
        # Connections stay behind. The token goes along: a client that cannot ask would be of no use.
        return {name: value for name, value in vars(self).items() if name not in CONNECTED}

    def _prepare(self, kwargs: dict[str, Any], timeout: float | httpx.Timeout | Unset | None) -> httpx.Request:
        """Build the request of a call, without the token."""
        options = self._options
        limits = options.timeout if isinstance(timeout, Unset) else _as_timeout(timeout)
        path, params = kwargs.pop("url"), kwargs.pop("params", None)
        headers = {**self._headers, **{name.lower(): value for name, value in kwargs.pop("headers", {}).items()}}
        build = httpx.Request if options.http_client is None else options.http_client.build_request
        try:
            request: httpx.Request = build(
                url=_url(options.base_url + path, params),
                headers=headers,
                extensions={"timeout": limits.as_dict()},
                **kwargs,
            )
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None
        if not isinstance(request.stream, httpx.ByteStream):
            # A file could be sent once, and not by an asynchronous connection.
            request.read()
        return request

    def _finish(self, response: httpx.Response, parse: Callable[[httpx.Response], T]) -> Response[T]:
        """Turn an answer into what it means, or raise what it means."""
        request, status = response.request, response.status_code
        if logger.isEnabledFor(logging.DEBUG):
            seconds = response.elapsed.total_seconds()
            logger.debug("%s %s answered %d in %.3f s", request.method, path_of(request), status, seconds)
        if not response.is_success and _transport.GONE not in response.extensions:
            response = self._cleared(response)
            raise api_error(response, response.content, response.elapsed)
        try:
            parsed = parse(response)
        except (ValueError, RecursionError):
            # What is wrong has to be told without the token, should the server have put it there.
            response = self._cleared(response)
        else:
            return Response(status, response.headers, response.content, parsed, request, response.elapsed)
        raise _fault(response, parse)

    def _cleared(self, response: httpx.Response) -> httpx.Response:
        return response if self._token is None else self._token.cleared(response)


def _fault(response: httpx.Response, parse: Callable[[httpx.Response], Any]) -> DecodeError:
    """Say what is wrong with a success that cannot be read."""
    try:
        parse(response)
        fault = DecodeError("", "cannot be read")
    except DecodeError as error:
        fault = error
    except (ValueError, RecursionError) as error:
        no_json = isinstance(error, (json.JSONDecodeError, UnicodeDecodeError))
        fault = DecodeError("", f"{'is no JSON' if no_json else 'is not what it should be'}: {error}")
        fault.__cause__ = error
    fault.response = response
    if response.request.method not in _transport.IDEMPOTENT:
        # What it answers to may have been carried out, and must be paid for: what there is of it goes along.
        with suppress(ValueError, RecursionError):
            fault.job = response.json()
    return fault


class Leap(_Base):
    """The client: its attributes are the parts of the API, and its methods are their calls.

    It may be used from many threads at once, after a fork. It can be copied and pickled;
    the pickle holds the token.

    Args:
        token: The API key of a Leap workspace. The variable
            LEAP_API_KEY by default.
        base_url: Where the API is; the variable LEAP_BASE_URL by default, else
            https://api.tryleap.ai.
        timeout: Seconds that the whole answer of one attempt may take, once it is sent; to connect may take as long, but
            at most 5 s more. 60 by default; None for no limit, an `httpx.Timeout` for each limit by itself.
        max_retries: How many attempts may follow the first one, from 0 up; 2 by default. Only what is safe to repeat is
            repeated.
        headers: Headers to send with every request.
        transport: What sends requests in the place of our own connections. It is closed with the client.
        http_client: An httpx client to send requests through, with its proxies, hooks, mounts, cookies and headers,
            but not its timeouts and authentication, and without following redirects. It stays yours to close. Files on
            other hosts are not fetched through it, since what it adds to requests may be secret; a `transport` is used
            for them too.

    Raises:
        LeapError: There is no token, or it cannot be sent.
        ValueError: An option cannot be right.
        TypeError: An option is of the wrong type.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        given = token if token is not None else os.environ.get("LEAP_API_KEY")
        made, fault = _token(given)
        del token, given  # a traceback that starts here must not show them
        if fault:
            raise LeapError(f"no usable token: {fault}; pass `token=...` or set the variable LEAP_API_KEY")
        self._token = made
        self._options = _Options(
            base_url=_as_base_url(base_url),
            timeout=_as_timeout(timeout),
            max_retries=_as_max_retries(max_retries),
            headers=_as_headers(headers or {}),
            transport=transport,
            http_client=http_client,
        )
        self._connect(None)

    def with_options(
        self,
        *,
        token: str | Unset = UNSET,
        base_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        transport: httpx.BaseTransport | Unset | None = UNSET,
        http_client: httpx.Client | Unset | None = UNSET,
    ) -> Self:
        """Make a changed copy; the original stays as it is.

        The copy uses the connections of the original, and ends with it, unless `transport` or `http_client` is given.

        Args:
            token: Another token.
            base_url: Another place of the API.
            timeout: Another limit for calls, in seconds.
            max_retries: Another number of attempts that may follow the first one.
            headers: Headers to send beside those of the original.
            transport: Another transport; None for our own connections.
            http_client: Another httpx client; None for our own connections.

        Returns:
            The copy.

        Raises:
            LeapError: The token cannot be sent.
            ValueError: An option cannot be right.
            TypeError: An option is of the wrong type.
        """
        copy = object.__new__(type(self))
        vars(copy).update(vars(self))
        if not isinstance(token, Unset):
            copy._token, fault = _token(token)
            del token  # a traceback that starts here must not show it
            if fault:
                raise LeapError(f"no usable token: {fault}; give another one")
        copy._options = self._options.changed(base_url, timeout, max_retries, headers, transport, http_client)
        own = not isinstance(transport, Unset) or not isinstance(http_client, Unset)
        copy._connect(None if own else self._pool)
        return copy

    def __copy__(self) -> Self:
        copy = self.with_options()
        if self._options.given is None and self._options.http_client is None:
            copy._connect(None)
        return copy

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._connect(None)

    def _connect(self, pool: Pool | _transport.Share | None) -> None:
        """Put the parts together, on connections of another client or on new ones."""
        # Imported by the first client, so that a program starts no slower for what it does not use.
        from ._connections import Pool
        from .resources.images import Images

        options, owner = self._options, type(self).__name__
        options.check_kind(httpx.Client, "handle_request")
        self._headers = options.all_headers()
        self._pool: Pool | _transport.Share
        if pool is None:
            self._pool = Pool(options.open_transport, owner, options.given)
        else:
            self._pool = _transport.Share(pool.origin if isinstance(pool, _transport.Share) else pool, owner)
        signed = _transport.SignedTransport(self._pool.get, self._token)
        self._sender = _transport.RetryTransport(signed, options.max_retries)
        self.images = Images(self)

    def call(
        self,
        kwargs: dict[str, Any],
        parse: Callable[[httpx.Response], T],
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[T]:
        """Send one request and read its answer; the functions in `api` use it.

        Args:
            kwargs: The request: `method`, `url` (the path), and whatever else `httpx.Request` takes.
            parse: Turns a success into an object.
            timeout: Seconds that the whole answer may take; the client's own limits by default.

        Returns:
            The answer.

        Raises:
            LeapError: Any of its kinds but those of jobs.
        """
        request = self._prepare(kwargs, timeout)
        return self._finish(self._sender.handle_request(request), parse)

    @contextmanager
    def plain_transport(self) -> Iterator[httpx.BaseTransport]:
        """Open a way to other hosts than the API's, on which the token is never sent."""
        from ._connections import open_plain_transport

        if self._options.given is not None:
            yield self._options.given
            return
        with open_plain_transport() as transport:
            yield transport

    def close(self) -> None:
        """Close the connections; a copy made by `with_options` leaves those of its original open."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


class AsyncLeap(_Base):
    """The asynchronous client: its attributes are the parts of the API, and its methods are their calls.

    It may be used from many threads at once, after a fork, and in one event loop after another. It can be copied and pickled;
    the pickle holds the token.

    Args:
        token: The API key of a Leap workspace. The variable
            LEAP_API_KEY by default.
        base_url: Where the API is; the variable LEAP_BASE_URL by default, else
            https://api.tryleap.ai.
        timeout: Seconds that the whole answer of one attempt may take, once it is sent; to connect may take as long, but
            at most 5 s more. 60 by default; None for no limit, an `httpx.Timeout` for each limit by itself.
        max_retries: How many attempts may follow the first one, from 0 up; 2 by default. Only what is safe to repeat is
            repeated.
        headers: Headers to send with every request.
        transport: What sends requests in the place of our own connections. It is closed with the client.
            "aiohttp" for connections of aiohttp, which are faster where much is in flight; that needs the extra
            `leap-client[aiohttp]`.
        http_client: An httpx client to send requests through, with its proxies, hooks, mounts, cookies and headers,
            but not its timeouts and authentication, and without following redirects. It stays yours to close. Files on
            other hosts are not fetched through it, since what it adds to requests may be secret; a `transport` is used
            for them too.

    Raises:
        LeapError: There is no token, or it cannot be sent.
        ValueError: An option cannot be right.
        TypeError: An option is of the wrong type.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | Literal["aiohttp"] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        given = token if token is not None else os.environ.get("LEAP_API_KEY")
        made, fault = _token(given)
        del token, given  # a traceback that starts here must not show them
        if fault:
            raise LeapError(f"no usable token: {fault}; pass `token=...` or set the variable LEAP_API_KEY")
        self._token = made
        self._options = _Options(
            base_url=_as_base_url(base_url),
            timeout=_as_timeout(timeout),
            max_retries=_as_max_retries(max_retries),
            headers=_as_headers(headers or {}),
            transport=transport,
            http_client=http_client,
        )
        self._connect(None)

    def with_options(
        self,
        *,
        token: str | Unset = UNSET,
        base_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        transport: httpx.AsyncBaseTransport | Literal["aiohttp"] | Unset | None = UNSET,
        http_client: httpx.AsyncClient | Unset | None = UNSET,
    ) -> Self:
        """Make a changed copy; the original stays as it is.

        The copy uses the connections of the original, and ends with it, unless `transport` or `http_client` is given.

        Args:
            token: Another token.
            base_url: Another place of the API.
            timeout: Another limit for calls, in seconds.
            max_retries: Another number of attempts that may follow the first one.
            headers: Headers to send beside those of the original.
            transport: Another transport; None for our own connections.
            http_client: Another httpx client; None for our own connections.

        Returns:
            The copy.

        Raises:
            LeapError: The token cannot be sent.
            ValueError: An option cannot be right.
            TypeError: An option is of the wrong type.
        """
        copy = object.__new__(type(self))
        vars(copy).update(vars(self))
        if not isinstance(token, Unset):
            copy._token, fault = _token(token)
            del token  # a traceback that starts here must not show it
            if fault:
                raise LeapError(f"no usable token: {fault}; give another one")
        copy._options = self._options.changed(base_url, timeout, max_retries, headers, transport, http_client)
        own = not isinstance(transport, Unset) or not isinstance(http_client, Unset)
        copy._connect(None if own else self._pool)
        return copy

    def __copy__(self) -> Self:
        copy = self.with_options()
        if self._options.given is None and self._options.http_client is None:
            copy._connect(None)
        return copy

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._connect(None)

    def _connect(self, pool: AsyncPool | _transport.Share | None) -> None:
        """Put the parts together, on connections of another client or on new ones."""
        # Imported by the first client, so that a program starts no slower for what it does not use.
        from ._async_connections import AsyncPool
        from ._async_transport import AsyncRetryTransport, AsyncSignedTransport
        from .resources.images import AsyncImages

        options, owner = self._options, type(self).__name__
        options.check_kind(httpx.AsyncClient, "handle_async_request")
        self._headers = options.all_headers()
        self._pool: AsyncPool | _transport.Share
        if pool is None:
            self._pool = AsyncPool(options.open_async_transport, owner, options.given)
        else:
            self._pool = _transport.Share(pool.origin if isinstance(pool, _transport.Share) else pool, owner)
        signed = AsyncSignedTransport(self._pool.get, self._token)
        hasty = options.transport is not None or options.http_client is not None
        self._sender = AsyncRetryTransport(signed, options.max_retries, hasty=hasty)
        self.images = AsyncImages(self)

    async def call(
        self,
        kwargs: dict[str, Any],
        parse: Callable[[httpx.Response], T],
        timeout: float | httpx.Timeout | Unset | None = UNSET,
    ) -> Response[T]:
        """Send one request and read its answer; the functions in `api` use it.

        Args:
            kwargs: The request: `method`, `url` (the path), and whatever else `httpx.Request` takes.
            parse: Turns a success into an object.
            timeout: Seconds that the whole answer may take; the client's own limits by default.

        Returns:
            The answer.

        Raises:
            LeapError: Any of its kinds but those of jobs.
        """
        request = self._prepare(kwargs, timeout)
        return self._finish(await self._sender.handle_async_request(request), parse)

    @asynccontextmanager
    async def plain_transport(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Open a way to other hosts than the API's, on which the token is never sent."""
        from ._async_connections import open_async_plain_transport

        if self._options.given is not None:
            yield self._options.given
            return
        async with open_async_plain_transport() as transport:
            yield transport

    async def aclose(self) -> None:
        """Close the connections; a copy made by `with_options` leaves those of its original open."""
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.aclose()
