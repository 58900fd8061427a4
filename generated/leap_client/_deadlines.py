# Generated from openapi.yaml by `make generate`. Do not edit.
"""Deadlines: an answer must be complete in time, however small the pieces in which it comes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx

TOO_LONG = "the answer took too long as a whole"


class ReadDeadline:
    """Counts the time to read an answer from the moment at which the request was written."""

    def __init__(self) -> None:
        self._end: float | None = None

    def restart(self) -> None:
        self._end = None

    def left(self, timeout: float | None) -> float | None:
        if timeout is None:
            return None
        now = time.monotonic()
        if self._end is None:
            self._end = now + timeout
        if self._end <= now:
            raise httpcore.ReadTimeout(TOO_LONG)
        return self._end - now


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _DeadlineStream(self._inner.connect_tcp(*args, **kwargs))


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._deadline = ReadDeadline()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._deadline.restart()
        try:
            self._inner.write(buffer, timeout)
        finally:
            del buffer  # it holds the token, which a traceback must not show

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _DeadlineStream(self._inner.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class AsyncDeadlineBackend(httpcore.AsyncNetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncDeadlineStream(await self._inner.connect_tcp(*args, **kwargs))


class _AsyncDeadlineStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._deadline = ReadDeadline()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as httpcore has it
        return await self._inner.read(max_bytes, self._deadline.left(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as httpcore has it
        self._deadline.restart()
        try:
            await self._inner.write(buffer, timeout)
        finally:
            del buffer  # it holds the token, which a traceback must not show

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncDeadlineStream(await self._inner.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def total_seconds(request: httpx.Request) -> float | None:
    """Give the time that one attempt may take as a whole: to get a connection, to make it, and to have the answer.

    What has waited long for a connection must not be given up for it once it is sent, and perhaps paid for.
    """
    limits = [request.extensions.get("timeout", {}).get(stage) for stage in ("pool", "connect", "read")]
    return None if None in limits else sum(limits)


class DeadlineTransport(httpx.BaseTransport):
    """Sends through what a caller gave, and has the body complete in time, however small its pieces.

    How long a dripping head may take is up to what was given.

    Args:
        inner: The transport.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        seconds = total_seconds(request)
        end = None if seconds is None else time.monotonic() + seconds
        response = self._inner.handle_request(request)
        if not response.is_stream_consumed:
            response.stream = _DeadlineBody(response.stream, end)
        return response

    def close(self) -> None:
        """Close the transport."""
        self._inner.close()


class _DeadlineBody(httpx.SyncByteStream):
    def __init__(self, inner: Any, end: float | None) -> None:
        self._inner = inner
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            if self._end is not None and time.monotonic() > self._end:
                raise httpx.ReadTimeout(TOO_LONG)
            yield chunk

    def close(self) -> None:
        self._inner.close()
