"""Deadlines: an answer must be complete in time, however small the pieces in which it comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
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


class TotalDeadline:
    """Counts the time to read any number of answers, until a moment."""

    end: float | None = None

    def restart(self) -> None:
        """Go on, whatever is written."""

    def left(self, timeout: float | None) -> float | None:
        """Return the seconds that the next piece may take."""
        if self.end is None:
            return timeout
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout(TOO_LONG)
        return seconds if timeout is None else min(timeout, seconds)


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too.

    Args:
        inner: Makes the connections.
        deadline: Gives the deadline of one; its own by default.
    """

    def __init__(
        self, inner: httpcore.NetworkBackend, deadline: Callable[[], ReadDeadline | TotalDeadline] = ReadDeadline
    ) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _DeadlineStream(self._inner.connect_tcp(*args, **kwargs), self._deadline())


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: ReadDeadline | TotalDeadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        self._deadline.restart()
        try:
            self._inner.write(buffer, timeout)
        finally:
            del buffer  # it holds the token, which a traceback must not show

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _DeadlineStream(self._inner.start_tls(*args, **kwargs), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class AsyncDeadlineBackend(httpcore.AsyncNetworkBackend):
    """Makes connections on which an answer must be complete in time, its headers too.

    Args:
        inner: Makes the connections.
        deadline: Gives the deadline of one; its own by default.
    """

    def __init__(
        self, inner: httpcore.AsyncNetworkBackend, deadline: Callable[[], ReadDeadline | TotalDeadline] = ReadDeadline
    ) -> None:
        self._inner = inner
        self._deadline = deadline

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncDeadlineStream(await self._inner.connect_tcp(*args, **kwargs), self._deadline())


class _AsyncDeadlineStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream, deadline: ReadDeadline | TotalDeadline) -> None:
        self._inner = inner
        self._deadline = deadline

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as httpcore has it
        return await self._inner.read(max_bytes, self._deadline.left(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as httpcore has it
        if not buffer:
            return
        self._deadline.restart()
        try:
            await self._inner.write(buffer, timeout)
        finally:
            del buffer  # it holds the token, which a traceback must not show

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        try:
            return _AsyncDeadlineStream(await self._inner.start_tls(*args, **kwargs), self._deadline)
        except BaseException:
            # httpcore would leave it open when it is cancelled.
            await self._inner.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def total_seconds(request: httpx.Request, *, queued: bool) -> float | None:
    """Return the time that one attempt may take as a whole: to get a connection, to make it, and to have the answer.

    What has waited long for a connection must not be given up for it once it is sent, and perhaps paid for. So the time
    to wait for one counts if it was set by itself, and not if the request has waited already.
    """
    limits = request.extensions.get("timeout", {})
    pool, connect, read = (limits.get(stage) for stage in ("pool", "connect", "read"))
    if queued or pool == read:
        pool = 0.0
    return None if pool is None or connect is None or read is None else pool + connect + read


class DeadlineTransport(httpx.BaseTransport):
    """Sends through what a caller gave, and has the body complete in time, however small its pieces.

    How long a dripping head may take is up to what was given: a thread that waits in it cannot be interrupted.

    Args:
        inner: The transport.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        seconds = total_seconds(request, queued=False)
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


class AsyncDeadlineTransport(httpx.AsyncBaseTransport):
    """Sends through what is none of our own connections, and has the answer complete in time, whatever it does.

    Args:
        inner: The transport.
        queued: Whether requests come to it only when it has a connection for them.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, queued: bool) -> None:
        self._inner = inner
        self._queued = queued

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        seconds = total_seconds(request, queued=self._queued)
        end = None if seconds is None else asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(end):
                response = await self._inner.handle_async_request(request)
        except TimeoutError:
            raise httpx.ReadTimeout(TOO_LONG) from None
        if not response.is_stream_consumed:
            response.stream = _AsyncDeadlineBody(response.stream, end)
        return response

    async def aclose(self) -> None:
        """Close the transport."""
        await self._inner.aclose()


class _AsyncDeadlineBody(httpx.AsyncByteStream):
    def __init__(self, inner: Any, end: float | None) -> None:
        self._inner = inner
        self._end = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = aiter(self._inner)
        while True:
            try:
                async with asyncio.timeout_at(self._end):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise httpx.ReadTimeout(TOO_LONG) from None
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
