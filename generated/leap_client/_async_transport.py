# Generated from openapi.yaml by `make generate`. Do not edit.
"""The parts of `_transport` that wait, for an asynchronous client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx

from ._answers import AsyncKeptBody, Broken, Reading
from ._logging import in_use
from ._retries import RetryPolicy
from ._token import Token
from ._transport import KEEP_BODY, PUBLIC, broken


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """Sends a request again where that is safe, and gives an answer that has been read to its end.

    Args:
        inner: The transport that does the work.
        max_retries: How many attempts may follow the first one.
        max_bytes: How large the body of a success may be.
        token: What no error may show.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, *, max_retries: int, max_bytes: int, token: Token | None
    ) -> None:
        self._inner = inner
        self._max_retries = max_retries
        self._max_bytes = max_bytes
        self._token = token

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
                delay = policy.after_error(outcome.error, outcome.received)
            await asyncio.sleep(delay)

    async def _attempt(self, request: httpx.Request) -> httpx.Response | Broken:
        reading, started, outer = None, time.perf_counter(), in_use.set(self._token)
        try:
            answer = await self._inner.handle_async_request(request)
            reading = Reading(answer, request, started, self._max_bytes)
            stream = reading.stream()
            try:
                async for chunk in stream:
                    if not reading.take(chunk):
                        break
            finally:
                await stream.aclose()
                del stream
            return reading.complete()
        except BaseException as error:  # noqa: BLE001 - broken raises what is about no connection
            return broken(error, request, reading, self._token)
        finally:
            in_use.reset(outer)


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
        if self._token is None or request.extensions.get(PUBLIC):
            return await self._inner().handle_async_request(request)
        self._token.put_on(request)
        try:
            return await self._inner().handle_async_request(request)
        finally:
            self._token.take_off(request)


async def keep_body(response: httpx.Response) -> None:
    """Keep the body of an answer to us, before other hooks of the client can read it."""
    if KEEP_BODY in response.request.extensions:
        response.stream = AsyncKeptBody(response.stream)


class AsyncClientTransport(httpx.AsyncBaseTransport):
    """Sends through a whole httpx client, with its proxies, hooks and mounts, as if it were a transport.

    Args:
        client: The client, which stays its owner's to close.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, authorised by us alone; following a redirect could carry the token away."""
        hooks = self._client.event_hooks["response"]
        if hooks and keep_body not in hooks:
            hooks.insert(0, keep_body)
        request.extensions[KEEP_BODY] = True
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)
