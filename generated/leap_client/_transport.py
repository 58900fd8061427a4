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

import httpx

from ._answers import Broken, KeptBody, Reading
from ._logging import in_use
from ._retries import RetryPolicy, leave
from ._token import Token


class RetryTransport(httpx.BaseTransport):
    """Sends a request again where that is safe, and gives an answer that has been read to its end.

    Args:
        inner: The transport that does the work.
        max_retries: How many attempts may follow the first one.
        max_bytes: How large the body of a success may be.
        token: What no error may show.
    """

    def __init__(self, inner: httpx.BaseTransport, *, max_retries: int, max_bytes: int, token: Token | None) -> None:
        self._inner = inner
        self._max_retries = max_retries
        self._max_bytes = max_bytes
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
                delay = policy.after_error(outcome.error, outcome.received)
            time.sleep(delay)

    def _attempt(self, request: httpx.Request) -> httpx.Response | Broken:
        reading, started, outer = None, time.perf_counter(), in_use.set(self._token)
        try:
            answer = self._inner.handle_request(request)
            reading = Reading(answer, request, started, self._max_bytes)
            stream = reading.stream()
            try:
                for chunk in stream:
                    if not reading.take(chunk):
                        break
            finally:
                stream.close()
                del stream
            return reading.complete()
        except BaseException as error:  # noqa: BLE001 - broken raises what is about no connection
            return broken(error, request, reading, self._token)
        finally:
            in_use.reset(outer)


def broken(
    error: BaseException, request: httpx.Request, reading: Reading | None, token: Token | None
) -> httpx.Response | Broken:
    """Return what came before a connection broke, and the error without the token, should the server have sent it.

    Args:
        error: What ended the attempt.
        request: The request, without the token.
        reading: The answer, if it had begun.
        token: The token.

    Returns:
        The answer if it had come whole, else the error and what came.

    Raises:
        BaseException: The same error, if it is about no connection.
    """
    fault = leave(error, request, token)
    outcome = Broken(fault) if reading is None else reading.after(fault)
    if token is None or isinstance(outcome, httpx.Response):
        return outcome
    return Broken(fault, token.hidden(outcome.received))


PUBLIC = "public"
"""The extension of a request that tells whether it is to carry no token."""


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
        if self._token is None or request.extensions.get(PUBLIC):
            return self._inner().handle_request(request)
        self._token.put_on(request)
        try:
            return self._inner().handle_request(request)
        finally:
            self._token.take_off(request)


KEEP_BODY = "keep_body"


def keep_body(response: httpx.Response) -> None:
    """Keep the body of an answer to us, before other hooks of the client can read it."""
    if KEEP_BODY in response.request.extensions:
        response.stream = KeptBody(response.stream)


class ClientTransport(httpx.BaseTransport):
    """Sends through a whole httpx client, with its proxies, hooks and mounts, as if it were a transport.

    Args:
        client: The client, which stays its owner's to close.
    """

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, authorised by us alone; following a redirect could carry the token away."""
        hooks = self._client.event_hooks["response"]
        if hooks and keep_body not in hooks:
            hooks.insert(0, keep_body)
        request.extensions[KEEP_BODY] = True
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)
