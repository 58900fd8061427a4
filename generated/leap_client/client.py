# Generated from openapi.yaml by `make generate`. Do not edit.
"""The two clients, `Leap` and `AsyncLeap`: where the API is, who asks, and how patiently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, Self

import httpx

from ._client import AsyncClient, SyncClient
from ._options import DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, Options
from ._token import as_token, find_token
from .resources import images as _images
from .types import UNSET, Unset

__all__ = ("AsyncLeap", "Leap")


class Leap(SyncClient):
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
        max_response_bytes: How large the body of an answer may be once decompressed; 64 MiB by default.
        transport: What sends requests in the place of our own connections. It is closed with the client.
        http_client: An httpx client to send requests through, with its proxies, hooks, mounts, cookies and headers,
            but not its timeouts and authentication, and without following redirects. It stays yours to close. Files on
            other hosts are not fetched through it, since what it adds to requests may be secret; a `transport` is used
            for them too. While either waits for the head of an answer, `timeout` cannot interrupt it.

    Raises:
        LeapError: There is no token, or it cannot be sent.
        ValueError: An option is invalid.
        TypeError: An option is of the wrong type.
    """

    images: _images.Images
    _resources: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        "images": _images.Images,
    }

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        secret = find_token(token)
        del token  # a traceback that starts here must not show it
        options = Options.of(
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            max_response_bytes=max_response_bytes,
            transport=transport,
            http_client=http_client,
        )
        super().__init__(secret, options)

    def with_options(
        self,
        *,
        token: str | Unset = UNSET,
        base_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        max_response_bytes: int | Unset = UNSET,
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
            max_response_bytes: Another limit for the size of an answer.
            transport: Another transport; None for our own connections.
            http_client: Another httpx client; None for our own connections.

        Returns:
            The copy.

        Raises:
            LeapError: The token cannot be sent.
            ValueError: An option is invalid.
            TypeError: An option is of the wrong type.
        """
        secret = token if isinstance(token, Unset) else as_token(token)
        del token  # a traceback that starts here must not show it
        return self._changed(
            secret,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            max_response_bytes=max_response_bytes,
            transport=transport,
            http_client=http_client,
        )


class AsyncLeap(AsyncClient):
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
        max_response_bytes: How large the body of an answer may be once decompressed; 64 MiB by default.
        transport: What sends requests in the place of our own connections. It is closed with the client.
            "aiohttp" for connections of aiohttp, which are faster where much is in flight; that needs the extra
            `leap-client[aiohttp]`.
        http_client: An httpx client to send requests through, with its proxies, hooks, mounts, cookies and headers,
            but not its timeouts and authentication, and without following redirects. It stays yours to close. Files on
            other hosts are not fetched through it, since what it adds to requests may be secret; a `transport` is used
            for them too.

    Raises:
        LeapError: There is no token, or it cannot be sent.
        ValueError: An option is invalid.
        TypeError: An option is of the wrong type.
    """

    images: _images.AsyncImages
    _resources: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        "images": _images.AsyncImages,
    }

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        transport: httpx.AsyncBaseTransport | Literal["aiohttp"] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        secret = find_token(token)
        del token  # a traceback that starts here must not show it
        options = Options.of(
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            max_response_bytes=max_response_bytes,
            transport=transport,
            http_client=http_client,
        )
        super().__init__(secret, options)

    def with_options(
        self,
        *,
        token: str | Unset = UNSET,
        base_url: str | Unset = UNSET,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        max_response_bytes: int | Unset = UNSET,
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
            max_response_bytes: Another limit for the size of an answer.
            transport: Another transport; None for our own connections.
            http_client: Another httpx client; None for our own connections.

        Returns:
            The copy.

        Raises:
            LeapError: The token cannot be sent.
            ValueError: An option is invalid.
            TypeError: An option is of the wrong type.
        """
        secret = token if isinstance(token, Unset) else as_token(token)
        del token  # a traceback that starts here must not show it
        return self._changed(
            secret,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            max_response_bytes=max_response_bytes,
            transport=transport,
            http_client=http_client,
        )
