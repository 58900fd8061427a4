# Generated from openapi.yaml by `make generate`. Do not edit.
"""The parts of `_transport` that wait, for an asynchronous client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import cast

import httpx

from ._answers import NOTHING, complete
from ._deadlines import TOO_LONG, total_seconds
from ._retries import RetryPolicy, leave
from ._token import Token


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """Sends a request again where that is safe, and gives an answer that has been read to its end.

    Args:
        inner: The transport that does the work.
        max_retries: How many attempts may follow the first one.
        token: What no error may show; None if nothing.
        limited: Whether to limit an attempt as a whole. Our own connections do that better: they know when it was sent.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, max_retries: int, token: Token | None, *, limited: bool
    ) -> None:
        self._inner = inner
        self._max_retries = max_retries
        self._token = token
        self._limited = limited

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until an answer or an error is final; see `RetryTransport.handle_request`."""
        policy = RetryPolicy(request, self._max_retries)
        while True:
            outcome = await self._attempt(request)
            if isinstance(outcome, httpx.Response):
                delay = policy.after_answer(outcome)
                if delay is None:
                    return outcome
            else:
                delay = policy.after_error(outcome)
            await asyncio.sleep(delay)

    async def _attempt(self, request: httpx.Request) -> httpx.Response | httpx.RequestError:
        started = time.perf_counter()
        try:
            # A caller's transport limits each wait by itself, so a dripping server could hold a call for ever.
            async with asyncio.timeout(total_seconds(request) if self._limited else None):
                answer = await self._inner.handle_async_request(request)
                stream, answer.stream = cast("httpx.AsyncByteStream", answer.stream), NOTHING
                try:
                    body = None if answer.is_stream_consumed else b"".join([chunk async for chunk in stream])
                finally:
                    await stream.aclose()
                    del stream
            return complete(answer, body, request, started)
        except TimeoutError:
            return httpx.ReadTimeout(TOO_LONG)
        except BaseException as error:  # noqa: BLE001 - leave raises what is about no connection
            return leave(error, request, self._token)


class AsyncSignedTransport(httpx.AsyncBaseTransport):
    """Puts the token on a request only while it is on its way, so that nothing else ever holds both.

    Args:
        inner: Gives the transport that does the work.
        token: The token; None to send none.
    """

    def __init__(self, inner: Callable[[], httpx.AsyncBaseTransport], token: Token | None) -> None:
        self._inner = inner
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        if self._token is None:
            return await self._inner().handle_async_request(request)
        self._token.put_on(request)
        try:
            return await self._inner().handle_async_request(request)
        finally:
            self._token.take_off(request)


class AsyncClientTransport(httpx.AsyncBaseTransport):
    """Sends through a whole httpx client, with its proxies, hooks and mounts, as if it were a transport.

    Args:
        client: The client.
        ours: Whether to close it with the transport.
    """

    def __init__(self, client: httpx.AsyncClient, *, ours: bool) -> None:
        self._client = client
        self._ours = ours

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, authorised by us alone; following a redirect could carry the token away."""
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)

    async def aclose(self) -> None:
        """Close the client, if it is ours."""
        if self._ours:
            await self._client.aclose()
