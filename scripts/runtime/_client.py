"""What the clients do, apart from what the document says of them: see `client` for that."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar

import httpx

from . import _async_connections, _connections, _logging, _spec
from ._answers import UNREADABLE, beginning
from ._async_transport import AsyncRetryTransport, AsyncSignedTransport
from ._encoding import with_extra
from ._options import Options, as_timeout
from ._pools import AsyncPool, BorrowedPool, Pool
from ._reading import ANSWER
from ._resource import PublicNames
from ._retries import GONE, IDEMPOTENT
from ._token import Token
from ._transport import PUBLIC, RetryTransport, SignedTransport
from .errors import DecodeError, ServiceError, api_error, path_of, shown
from .types import UNSET, Response, Unset

logger = logging.getLogger(__package__)
T = TypeVar("T")

# What other clients call their token.
OTHER_NAMES = {"api_key", "apikey", "api_token", "auth_token", "access_token", "bearer_token", "key"}
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_logging.set_up()


@lru_cache(maxsize=256)
def _cached_url(text: str) -> httpx.URL:
    """Parse an address, which is the longest part of making a request; a job is asked for again and again."""
    return httpx.URL(text)


def _url(text: str, params: list[tuple[str, str]] | None) -> httpx.URL:
    """Parse an address, with a query or without; of those with one, hardly any comes twice."""
    return httpx.URL(f"{text}?{httpx.QueryParams(tuple(params))}") if params else _cached_url(text)


class BaseClient(PublicNames):
    """What the two clients have in common: options, and all that is done before and after the wait for an answer.

    Args:
        token: The token; a string that says what is wrong with it; None if the API asks for none.
        options: The options.
    """

    # By the name of the attribute that holds it.
    _resources: ClassVar[Mapping[str, Callable[[Any], object]]] = {}
    _options: Options
    _headers: dict[str, str]
    _token: Token | None
    _pool: Any

    def __new__(cls, *_args: Any, **options: Any) -> Self:
        """Refuse the names that other clients use for their token."""
        wrong = next((name for name in options if name in OTHER_NAMES), None) if _spec.TOKEN_HEADER else None
        del _args, options  # a traceback that starts here must not show the token
        if wrong:
            raise TypeError(f"{cls.__name__} takes the API token as `token`, not as `{wrong}`")
        return super().__new__(cls)

    def __init__(self, token: Token | str | None, options: Options) -> None:
        self._token = _usable(token)
        self._options = options
        self._changes = [0]  # one for all copies
        self._connect(None)

    def __repr__(self) -> str:
        name, options = type(self).__name__, vars(self).get("_options")
        if options is None:  # a traceback may show a client that did not come to be
            return f"{name}()"
        return f"{name}(base_url={options.base_url!r}, max_retries={options.max_retries})"

    def _change_count(self) -> int:
        """Count the requests so far by which this client, or a copy of it, may have changed something."""
        return self._changes[0]

    def _count(self, request: httpx.Request) -> None:
        if request.method not in SAFE:
            self._changes[0] += 1

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

    def _changed(self, token: Token | str | Unset | None, **options: Any) -> Self:
        """Make a changed copy, on the connections of this client unless it gets others."""
        copy = object.__new__(type(self))
        vars(copy).update(vars(self))
        if not isinstance(token, Unset):
            copy._token = _usable(token)
        copy._options = self._options.changed(**options)
        own = options["transport"] is not UNSET or options["http_client"] is not UNSET
        copy._connect(None if own else self._pool)
        return copy

    def __copy__(self) -> Self:
        copy = object.__new__(type(self))
        vars(copy).update(vars(self))
        # A transport or an httpx client that was given is the original's to close.
        own = self._options.given is None and self._options.http_client is None
        copy._connect(None if own else self._pool)
        return copy

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def __getstate__(self) -> dict[str, Any]:
        # Connections stay behind. The token goes along: a client that cannot ask would be of no use.
        made_anew = {"_pool", "_sender", *self._resources}
        return {name: value for name, value in vars(self).items() if name not in made_anew}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._connect(None)

    def _connect(self, pool: Any) -> None:
        """Put the parts together, on connections of another client or on new ones."""
        self._headers = self._options.all_headers()
        origin = pool.origin if isinstance(pool, BorrowedPool) else pool
        self._pool = self._new_pool() if pool is None else BorrowedPool(origin, type(self).__name__)
        for name, resource in self._resources.items():
            setattr(self, name, resource(self))

    def _new_pool(self) -> Any:
        raise NotImplementedError

    def _prepare(self, kwargs: dict[str, Any], timeout: float | httpx.Timeout | Unset | None) -> httpx.Request:
        """Build the request of a call, without the token."""
        options = self._options
        limits = options.timeout if isinstance(timeout, Unset) else as_timeout(timeout)
        path, params = kwargs.pop("url"), kwargs.pop("params", None)
        headers = {**self._headers, **{name.lower(): value for name, value in kwargs.pop("headers", {}).items()}}
        build = httpx.Request if options.http_client is None else options.http_client.build_request
        extensions = {"timeout": limits.as_dict(), PUBLIC: kwargs.pop("public", False)}
        try:
            url = _url(options.base_url + path, params)
            request: httpx.Request = build(url=url, headers=headers, extensions=extensions, **kwargs)
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None
        if not isinstance(request.stream, httpx.ByteStream):
            # A file could be sent once, and not by an asynchronous connection.
            request.read()
        self._count(request)
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug("%s %s is sent to %s", request.method, path_of(request), url.netloc.decode("ascii"))
        return request

    def _finish(self, response: httpx.Response, parse: Callable[[httpx.Response], T]) -> Response[T]:
        """Turn an answer into what it means, or raise what it means."""
        request, status = response.request, response.status_code
        self._count(request)
        if logger.isEnabledFor(logging.INFO):
            seconds = response.elapsed.total_seconds()
            logger.info("%s %s answered %d in %.3f s", request.method, path_of(request), status, seconds)
        if not response.is_success and GONE not in response.extensions:
            response = self._redacted(response)
            raise api_error(response, response.content, response.elapsed)
        if UNREADABLE in response.extensions:
            response = self._redacted(response)
            fault = DecodeError("", response.extensions[UNREADABLE])
            raise _told(fault, response)
        try:
            parsed = parse(response)
        except (ValueError, RecursionError):
            # What is wrong has to be told without the token, should the server have put it there.
            response = self._redacted(response)
        else:
            if source := response.extensions.pop(ANSWER, None):
                source.response = self._redacted(response)
            return Response(status, response.headers, response.content, parsed, request, response.elapsed)
        raise _fault(response, parse)

    def _redacted(self, response: httpx.Response) -> httpx.Response:
        return response if self._token is None else self._token.redacted(response)


def _usable(token: Token | str | None) -> Token | None:
    """Refuse a token that cannot be sent."""
    if isinstance(token, str):
        raise ServiceError(token)
    return token


def _fault(response: httpx.Response, parse: Callable[[httpx.Response], Any]) -> DecodeError:
    """Say what is wrong with a success that cannot be read."""
    try:
        parse(response)
        fault = DecodeError("", "cannot be read")
    except DecodeError as error:
        fault = error
    except (ValueError, RecursionError) as error:
        no_json = isinstance(error, (json.JSONDecodeError, UnicodeDecodeError))
        fault = DecodeError("", f"{_no_json(response) if no_json else 'is not what it should be'}: {error}")
        fault.__cause__ = error
    return _told(fault, response)


def _no_json(response: httpx.Response) -> str:
    """Say that an answer is not JSON, and what it is instead: often a page of a proxy, or of a wrong address."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    return f"is {shown(kind)} and not JSON" if kind and "json" not in kind.lower() else "is not JSON"


def _told(fault: DecodeError, response: httpx.Response) -> DecodeError:
    """Add to an error what the answer was."""
    fault.response = response
    if response.request.method not in IDEMPOTENT:
        # What it answers to may have been carried out, and must be paid for: what there is of it goes along.
        fault.job = beginning(response.content)
        with suppress(ValueError, RecursionError):
            fault.job = response.json()
    return fault


class SyncClient(BaseClient):
    """A synchronous client, without the parts of its API."""

    def _new_pool(self) -> Pool:
        return Pool(self._options.open_transport, type(self).__name__, self._options.given)

    def _connect(self, pool: Pool | BorrowedPool | None) -> None:
        self._options.check_kind(httpx.Client, "handle_request")
        super()._connect(pool)
        signed = SignedTransport(self._pool.get, self._token)
        options = self._options
        self._sender = RetryTransport(
            signed, max_retries=options.max_retries, max_bytes=options.max_response_bytes, token=self._token
        )

    def _call(
        self,
        kwargs: dict[str, Any],
        parse: Callable[[httpx.Response], T],
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        **extra: Mapping[str, Any] | None,
    ) -> Response[T]:
        """Send one request and read its answer; the functions in `api` use it.

        Args:
            kwargs: The request: `method`, `url` (the path), `public` if it is to carry no token, and whatever else
                `httpx.Request` takes.
            parse: Turns a success into an object.
            timeout: Seconds that the whole answer may take; the client's own limits by default.
            **extra: `extra_headers`, `extra_query` and `extra_body`.

        Returns:
            The answer.

        Raises:
            ServiceError: Any of its kinds but those of jobs.
        """
        request = self._prepare(with_extra(kwargs, **extra), timeout)
        return self._finish(self._sender.handle_request(request), parse)

    @contextmanager
    def _plain_transport(self) -> Iterator[httpx.BaseTransport]:
        """Open a way to other hosts than the API's, on which the token is never sent; not of a closed client."""
        self._pool.get()
        if self._options.given is not None:
            yield self._options.given
            return
        with _connections.PlainTransport() as transport:
            yield transport

    def close(self) -> None:
        """Close the connections; a copy made by `with_options` leaves those of its original open."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


class AsyncClient(BaseClient):
    """An asynchronous client, without the parts of its API."""

    def _new_pool(self) -> AsyncPool:
        options = self._options
        return AsyncPool(options.open_async_transport, type(self).__name__, options.given, options.bound)

    def _connect(self, pool: AsyncPool | BorrowedPool | None) -> None:
        options = self._options
        options.check_kind(httpx.AsyncClient, "handle_async_request")
        super()._connect(pool)
        signed = AsyncSignedTransport(self._pool.get, self._token)
        self._sender = AsyncRetryTransport(
            signed, max_retries=options.max_retries, max_bytes=options.max_response_bytes, token=self._token
        )

    async def _call(
        self,
        kwargs: dict[str, Any],
        parse: Callable[[httpx.Response], T],
        timeout: float | httpx.Timeout | Unset | None = UNSET,  # noqa: ASYNC109 - it is the limit of an httpx request
        **extra: Mapping[str, Any] | None,
    ) -> Response[T]:
        """Send one request and read its answer; see `SyncClient._call`."""
        request = self._prepare(with_extra(kwargs, **extra), timeout)
        return self._finish(await self._sender.handle_async_request(request), parse)

    @asynccontextmanager
    async def _plain_transport(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Open a way to other hosts than the API's, on which the token is never sent; not of a closed client."""
        self._pool.get()
        if self._options.given is not None:
            yield self._options.given
            return
        async with _async_connections.open_async_plain_transport() as transport:
            yield transport

    async def aclose(self) -> None:
        """Close the connections; a copy made by `with_options` leaves those of its original open."""
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.aclose()
