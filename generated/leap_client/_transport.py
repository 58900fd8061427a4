# Generated from openapi.yaml by `make generate`. Do not edit.
"""How a request gets to the server, and an answer back.

What a client sends goes through these, the outermost first:

1. `RetryTransport` reads the whole answer, and sends again what `RetryPolicy` allows to;
2. `SignedTransport` puts the token on the request while it is on its way, and takes it off again;
3. a `Pool` of connections of our own, or what it gives of the caller's: `DeadlineTransport` or `ClientTransport`.

What waits is written a second time in `_async_transport`.

The token must not be found in an error, nor in what leads to one. So no variable and no attribute here holds a signed
request or an answer's way back to it (httpx and aiohttp keep the request there) for longer than it takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

import httpx

from ._answers import NOTHING, complete
from ._retries import RetryPolicy, leave
from ._token import Token


class RetryTransport(httpx.BaseTransport):
    """Sends a request again where that is safe, and gives an answer that has been read to its end.

    Args:
        inner: The transport that does the work.
        max_retries: How many attempts may follow the first one.
        token: What no error may show; None if nothing.
    """

    def __init__(self, inner: httpx.BaseTransport, max_retries: int, token: Token | None) -> None:
        self._inner = inner
        self._max_retries = max_retries
        self._token = token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until an answer or an error is final.

        Args:
            request: The request.

        Returns:
            The answer, its body read, with the time that its attempt took.

        Raises:
            ConnectionFailed: The last attempt got no complete answer.
            RequestTimeout: The last attempt got no complete answer in time.
        """
        policy = RetryPolicy(request, self._max_retries)
        while True:
            outcome = self._attempt(request)
            if isinstance(outcome, httpx.Response):
                delay = policy.after_answer(outcome)
                if delay is None:
                    return outcome
            else:
                delay = policy.after_error(outcome)
            time.sleep(delay)

    def _attempt(self, request: httpx.Request) -> httpx.Response | httpx.RequestError:
        started = time.perf_counter()
        try:
            answer = self._inner.handle_request(request)
            stream, answer.stream = cast("httpx.SyncByteStream", answer.stream), NOTHING
            try:
                # What the hooks of a caller's client have read cannot be read again.
                body = None if answer.is_stream_consumed else b"".join(stream)
            finally:
                stream.close()
                del stream
            return complete(answer, body, request, started)
        except BaseException as error:  # noqa: BLE001 - leave raises what is about no connection
            return leave(error, request, self._token)


class SignedTransport(httpx.BaseTransport):
    """Puts the token on a request only while it is on its way, so that nothing else ever holds both.

    Args:
        inner: Gives the transport that does the work.
        token: The token; None to send none.
    """

    def __init__(self, inner: Callable[[], httpx.BaseTransport], token: Token | None) -> None:
        self._inner = inner
        self._token = token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        if self._token is None:
            return self._inner().handle_request(request)
        self._token.put_on(request)
        try:
            return self._inner().handle_request(request)
        finally:
            self._token.take_off(request)


class ClientTransport(httpx.BaseTransport):
    """Sends through a whole httpx client, with its proxies, hooks and mounts, as if it were a transport.

    Args:
        client: The client.
        ours: Whether to close it with the transport.
    """

    def __init__(self, client: httpx.Client, *, ours: bool) -> None:
        self._client = client
        self._ours = ours

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, authorised by us alone; following a redirect could carry the token away."""
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)

    def close(self) -> None:
        """Close the client, if it is ours."""
        if self._ours:
            self._client.close()
