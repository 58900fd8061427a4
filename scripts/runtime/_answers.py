"""Reading answers: decompressed, no larger than allowed, and kept where the connection broke too late to matter."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import httpx

from ._decoding import FORMATS, Inflater, coding

NOTHING = httpx.ByteStream(b"")
ABOUT_THE_BODY = {b"content-encoding", b"content-length", b"transfer-encoding"}
# What is kept of a refusal, and of an answer that is too large.
LONGEST_REFUSAL = 1024 * 1024
# An answer with this mark cannot be read, for the reason behind it.
UNREADABLE = "unreadable"


class Broken(NamedTuple):
    """An attempt that got no complete answer: why, and what came of the body."""

    error: httpx.RequestError
    received: bytes = b""


class KeptBody(httpx.SyncByteStream):
    """A body that can still be had after a hook of a caller's client has read it, or some of it."""

    def __init__(self, inner: Any) -> None:
        self.kept: list[bytes] = []
        self._inner = inner
        self._rest = iter(inner)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._rest:
            self.kept.append(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of the connection."""
        self._inner.close()


class AsyncKeptBody(httpx.AsyncByteStream):
    """The same for an asynchronous client."""

    def __init__(self, inner: Any) -> None:
        self.kept: list[bytes] = []
        self._inner = inner
        self._rest = aiter(inner)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._rest:
            self.kept.append(chunk)
            yield chunk

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._inner.aclose()


class Reading:
    """Takes in one answer, cut off from the connection that it comes on.

    Args:
        answer: The answer, its body unread.
        request: The request, without the token.
        started: When it was sent.
        max_bytes: How large the body of a success may be, once decompressed.
    """

    def __init__(self, answer: httpx.Response, request: httpx.Request, started: float, max_bytes: int) -> None:
        self._answer = answer
        self._started = started
        self._limit = max_bytes if answer.is_success else LONGEST_REFUSAL
        self._raw: list[bytes] = []
        self._body = bytearray()
        self._fault = ""
        # What a caller's hook has read cannot be read again; it has been decompressed, unless it was kept.
        self._is_read = answer.is_stream_consumed and not isinstance(answer.stream, (KeptBody, AsyncKeptBody))
        self._coding = "" if self._is_read else coding(answer.headers)
        self._inflater = Inflater(self._coding) if self._coding in FORMATS else None
        if self._coding and self._inflater is None:
            self._fault = f"is compressed as {self._coding!r}, where gzip and deflate were asked for"
        answer.request = request
        answer.next_request = None
        answer.extensions.pop("network_stream", None)

    def stream(self) -> Any:
        """Return the rest of the body, without keeping a reference to it."""
        stream, self._answer.stream = self._answer.stream, NOTHING
        if self._is_read:
            self._body += self._answer.content
            return NOTHING
        if isinstance(stream, (KeptBody, AsyncKeptBody)):
            for chunk in stream.kept:
                self.take(chunk)
        return stream

    def take(self, chunk: bytes) -> bool:
        """Take in a piece of the body.

        Returns:
            Whether more of it is wanted.
        """
        room = self._limit + 1 - len(self._body)
        if self._inflater is None:
            self._body += chunk[:room]
        else:
            self._raw.append(chunk)
            try:
                self._body += self._inflater.take(chunk, room)
            except zlib.error:
                # Whoever reads the answer may find out more from what came.
                self._inflater, self._body = None, bytearray(b"".join(self._raw)[: self._limit])
        return len(self._body) <= self._limit

    def complete(self) -> httpx.Response:
        """Return the answer; one that is too large, or that cannot be decompressed, with the mark `UNREADABLE`."""
        answer = self._answer
        if len(self._body) > self._limit and answer.is_success:
            self._fault = f"is larger than max_response_bytes, {self._limit} bytes"
        if self._fault and answer.is_success:
            answer.extensions[UNREADABLE] = self._fault
        del self._body[LONGEST_REFUSAL if self._fault else self._limit :]
        body = bytes(self._body)
        if self._coding or answer.is_stream_consumed or answer.is_closed:
            headers = answer.headers
            answer = changed(answer, body, headers.raw)
            answer.headers = headers
        else:
            # To make another answer takes a quarter of all that is done here for a small one.
            answer.stream = httpx.ByteStream(body)
            answer.read()
        answer.elapsed = timedelta(seconds=time.perf_counter() - self._started)
        return answer

    def after(self, error: httpx.RequestError) -> httpx.Response | Broken:
        """Return the answer all the same if the whole of its JSON came before the connection broke."""
        if not self._answer.is_success:
            return Broken(error)
        if not self._fault and is_whole(self._body):
            return self.complete()
        return Broken(error, bytes(self._body[:LONGEST_REFUSAL]))


def changed(answer: httpx.Response, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> httpx.Response:
    """Copy an answer with another body and other headers; those that describe how the body came are left out."""
    kept = [(name, value) for name, value in headers if name.lower() not in ABOUT_THE_BODY]
    stream, request = httpx.ByteStream(body), answer.request
    copy = httpx.Response(
        answer.status_code, headers=kept, stream=stream, request=request, extensions=answer.extensions
    )
    copy.read()
    return copy


def is_whole(body: bytes | bytearray) -> bool:
    """Return whether a body is one JSON value that could not go on."""
    try:
        return isinstance(json.loads(body), (dict, list, str))
    except (ValueError, RecursionError):
        return False


def beginning(body: bytes) -> dict[str, Any] | None:
    """Read what there is of a JSON object that was cut off.

    Args:
        body: The beginning of the object.

    Returns:
        The members that came whole; None if there is none.
    """
    text = body.decode("utf-8", "ignore").lstrip()
    decoder, members, place = json.JSONDecoder(), {}, 1
    try:
        while text[:1] == "{":
            name, place = decoder.raw_decode(text, _skipped(text, place, ""))
            value, place = decoder.raw_decode(text, _skipped(text, place, ":"))
            # A number at the very end may have lost its last digits.
            place = _skipped(text, place, "," if text[_skipped(text, place, "")] == "," else "}")
            members[str(name)] = value
    except (ValueError, IndexError, RecursionError):
        pass
    return members or None


def _skipped(text: str, place: int, mark: str) -> int:
    """Go beyond white space, a mark and white space."""
    while text[place].isspace():
        place += 1
    if not mark:
        return place
    if text[place] != mark:
        raise ValueError(mark)
    place += 1
    while place < len(text) and text[place].isspace():
        place += 1
    return place
