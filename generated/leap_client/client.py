# Generated from openapi.yaml by `make generate`. Do not edit.
"""The two clients, `Leap` and `AsyncLeap`: where the API is, who asks, and how patiently."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any, Self, TypeVar

import httpx
from attrs import define

from . import _transport
from .errors import DecodeError, LeapError, api_error
from .resources.images import AsyncImages, Images
from .types import UNSET, Response, Unset

logger = logging.getLogger(__package__)
T = TypeVar("T")

VERSION = "0.1.0"
CONNECT_TIMEOUT = 5.0
DEFAULT_TIMEOUT = httpx.Timeout(60.0, connect=CONNECT_TIMEOUT)
DEFAULT_MAX_RETRIES = 2
DEFAULT_HEADERS = {"User-Agent": f"leap-client/{VERSION}", "Accept-Encoding": "gzip, deflate"}


@lru_cache(maxsize=256)
def _url(text: str) -> httpx.URL:
    """Parse an address, which takes half as long as all else before sending; a job is asked for again and again."""
    return httpx.URL(text)


@define(frozen=True, kw_only=True)
class _Options:
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
            headers=self.headers if headers is UNSET else {**self.headers, **headers},
            transport=(transport or None) if own else self.transport,
            http_client=(http_client or None) if own else self.http_client,
        )

    def __attrs_post_init__(self) -> None:
        if self.transport is not None and self.http_client is not None:
            raise ValueError("transport and http_client exclude each other: give the transport to your http_client")

    def open_transport(self) -> httpx.BaseTransport:
        """Open what sends requests."""
        if self.http_client is not None:
            return _transport.ClientTransport(self.http_client, ours=False)
        if self.transport is not None:
            return _transport.HastyTransport(self.transport)
        return _transport.open_transport()

    def open_async_transport(self) -> httpx.AsyncBaseTransport:
        """Open what sends requests asynchronously."""
        if self.http_client is not None:
            return _transport.AsyncClientTransport(self.http_client, ours=False)
        transport: httpx.AsyncBaseTransport | None = self.transport
        return transport if transport is not None else _transport.open_async_transport()


def _as_base_url(base_url: str | None) -> str:
    """Fill in and check where the API is."""
    url = base_url or os.environ.get("LEAP_BASE_URL") or "https://api.tryleap.ai"
    parsed = httpx.URL(url)
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo or parsed.query or parsed.fragment:
        raise ValueError(f"base_url must be like https://host/path, without user name, query or fragment, got {parsed}")
    return url.rstrip("/")


def _as_max_retries(max_retries: int) -> int:
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        raise ValueError(f"max_retries must be a whole number from 0 up, got {max_retries!r}")
    return max_retries


def _as_timeout(timeout: float | httpx.Timeout | None) -> httpx.Timeout:
    """Make one number the limit for the answer; to connect never takes longer than by default."""
    if isinstance(timeout, httpx.Timeout):
        return timeout
    if timeout is None:
        return httpx.Timeout(None)
    if not timeout > 0:
        raise ValueError(f"timeout must be more than 0 seconds, got {timeout}")
    return httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))


def _token(value: str | None) -> tuple[_transport.Token | None, str]:
    """Wrap a token, or say what keeps it from being sent, without showing it."""
    if value is None:
        return None, "there is none"
    if fault := _transport.token_fault(value):
        return None, fault
    return _transport.Token(value, "Authorization", "Bearer "), ""


class _Base:
    """What the two clients have in common: options, and all that is done before and after the wait for an answer."""

    _options: _Options
    _token: _transport.Token | None
    _shares: bool

    def __repr__(self) -> str:
        options = self._options
        return f"{type(self).__name__}(base_url={options.base_url!r}, max_retries={options.max_retries})"

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return self._options.base_url

    @property
    def timeout(self) -> httpx.Timeout:
        """How long a call may take, in seconds: to connect, and to have the whole answer."""
        return self._options.timeout

    @property
    def max_retries(self) -> int:
        """How many attempts may follow the first one."""
        return self._options.max_retries

    def __getstate__(self) -> dict[str, Any]:
        # Connections stay behind. The token goes along: a copy that cannot ask would be of no use.
        return {"_options": self._options, "_token": self._token}

    def _prepare(self, kwargs: dict[str, Any], timeout: float | httpx.Timeout | Unset | None) -> httpx.Request:
        """Build the request of a call, without the token."""
        options = self._options
        limits = options.timeout if isinstance(timeout, Unset) else _as_timeout(timeout)
        url = options.base_url + kwargs.pop("url")
        params = kwargs.pop("params", None)
        if params:
            url = f"{url}?{httpx.QueryParams(params)}"
        headers = {**options.headers, **kwargs.pop("headers", {})}
        extensions = {"timeout": limits.as_dict()}
        if options.http_client is not None:
            request: httpx.Request = options.http_client.build_request(
                url=url, headers=headers, extensions=extensions, **kwargs
            )
            return request
        return httpx.Request(url=_url(url), headers=headers, extensions=extensions, **kwargs)

    def _finish(
        self, request: httpx.Request, response: httpx.Response, started: float, parse: Callable[[httpx.Response], T]
    ) -> Response[T]:
        """Turn an answer into what it means, or raise what it means."""
        elapsed = timedelta(seconds=time.perf_counter() - started)
        status = response.status_code
        logger.debug("%s %s answered %d in %.3f s", request.method, request.url.path, status, elapsed.total_seconds())
        if not response.is_success and _transport.GONE not in response.extensions:
            content = response.content if self._token is None else self._token.clear(response.content)
            raise api_error(response, content, elapsed)
        try:
            parsed = parse(response)
        except DecodeError as error:
            error.response = response
            raise
        except (ValueError, RecursionError) as error:
            fault = DecodeError("", f"is not what it should be: {error}")
            fault.response = response
            raise fault from error
        return Response(status, response.headers, response.content, parsed, request, elapsed)


class Leap(_Base):
    """The client: its attributes are the parts of the API, and its methods are their calls.

    Args:
        token: The API key of a Leap workspace. The variable
            LEAP_API_KEY by default.
        base_url: Where the API is; the variable LEAP_BASE_URL by default, else
            https://api.tryleap.ai.
        timeout: Seconds that the whole answer of one attempt may take; to connect takes at most 5 of them. 60 by
            default; None for no limit, an `httpx.Timeout` for each limit by itself.
        max_retries: How many attempts may follow the first one, from 0 up; 2 by default. Only what is safe to repeat is
            repeated.
        headers: Headers to send with every request.
        transport: What sends requests in the place of our own connections. It is closed with the client.
        http_client: An httpx client to send requests through, with its proxies, hooks and mounts. It stays yours to
            close.

    Raises:
        LeapError: There is no token, or it cannot be sent.
        ValueError: An option cannot be right.
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
            headers={**DEFAULT_HEADERS, **(headers or {})},
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
        """
        copy = object.__new__(type(self))
        copy._token = self._token
        if not isinstance(token, Unset):
            copy._token, fault = _token(token)
            del token  # a traceback that starts here must not show it
            if fault:
                raise LeapError(f"no usable token: {fault}; give another one")
        copy._options = self._options.changed(base_url, timeout, max_retries, headers, transport, http_client)
        own = not isinstance(transport, Unset) or not isinstance(http_client, Unset)
        copy._connect(None if own else self._pool)
        return copy

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._connect(None)

    def _connect(self, pool: _transport.Pool | None) -> None:
        """Put the parts together, on connections of another client or on new ones."""
        self._shares = pool is not None
        self._pool = pool or _transport.Pool(self._options.open_transport, type(self).__name__)
        signed = _transport.SignedTransport(self._pool.get, self._token)
        self._sender = _transport.RetryTransport(signed, self._options.max_retries)
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
        started = time.perf_counter()
        response = self._sender.handle_request(request)
        return self._finish(request, response, started, parse)

    @contextmanager
    def plain_transport(self) -> Iterator[httpx.BaseTransport]:
        """Open a way to other hosts than the API's, on which the token is never sent."""
        if self._options.transport is not None:
            yield self._options.transport
            return
        with _transport.open_plain_transport() as transport:
            yield transport

    def close(self) -> None:
        """Close the connections; a copy made by `with_options` leaves those of its original alone."""
        if not self._shares:
            self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


class AsyncLeap(_Base):
    """The asynchronous client: its attributes are the parts of the API, and its methods are their calls.

    Args:
        token: The API key of a Leap workspace. The variable
            LEAP_API_KEY by default.
        base_url: Where the API is; the variable LEAP_BASE_URL by default, else
            https://api.tryleap.ai.
        timeout: Seconds that the whole answer of one attempt may take; to connect takes at most 5 of them. 60 by
            default; None for no limit, an `httpx.Timeout` for each limit by itself.
        max_retries: How many attempts may follow the first one, from 0 up; 2 by default. Only what is safe to repeat is
            repeated.
        headers: Headers to send with every request.
        transport: What sends requests in the place of our own connections. It is closed with the client.
        http_client: An httpx client to send requests through, with its proxies, hooks and mounts. It stays yours to
            close.

    Raises:
        LeapError: There is no token, or it cannot be sent.
        ValueError: An option cannot be right.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
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
            headers={**DEFAULT_HEADERS, **(headers or {})},
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
        transport: httpx.AsyncBaseTransport | Unset | None = UNSET,
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
        """
        copy = object.__new__(type(self))
        copy._token = self._token
        if not isinstance(token, Unset):
            copy._token, fault = _token(token)
            del token  # a traceback that starts here must not show it
            if fault:
                raise LeapError(f"no usable token: {fault}; give another one")
        copy._options = self._options.changed(base_url, timeout, max_retries, headers, transport, http_client)
        own = not isinstance(transport, Unset) or not isinstance(http_client, Unset)
        copy._connect(None if own else self._pool)
        return copy

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._connect(None)

    def _connect(self, pool: _transport.AsyncPool | None) -> None:
        """Put the parts together, on connections of another client or on new ones."""
        self._shares = pool is not None
        self._pool = pool or _transport.AsyncPool(self._options.open_async_transport, type(self).__name__)
        signed = _transport.AsyncSignedTransport(self._pool.get, self._token)
        self._sender = _transport.AsyncRetryTransport(signed, self._options.max_retries)
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
        started = time.perf_counter()
        response = await self._sender.handle_async_request(request)
        return self._finish(request, response, started, parse)

    @asynccontextmanager
    async def plain_transport(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Open a way to other hosts than the API's, on which the token is never sent."""
        if self._options.transport is not None:
            yield self._options.transport
            return
        async with _transport.open_async_transport() as transport:
            yield transport

    async def aclose(self) -> None:
        """Close the connections; a copy made by `with_options` leaves those of its original alone."""
        if not self._shares:
            await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.aclose()
