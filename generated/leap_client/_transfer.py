# Generated from openapi.yaml by `make generate`. Do not edit.
"""What is asked of the servers of files, and what their answers mean: parts, redirects, limits, and the end of a file.

The addresses are on hosts that nothing is known of, so what comes from there is trusted with nothing: no token is sent,
no name or type is taken over, no size is left open, and no address but http and https is followed.
"""

from __future__ import annotations

import re
import time
import zlib
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO, Generic, NamedTuple, Self, TypeVar

import httpx

from ._connections import DEADLINE
from ._decoding import FORMATS, Inflater, coding
from ._images import LONGEST_BEGINNING, Source, is_whole, kind_of
from ._reading import outline
from ._retries import RetryPolicy
from .errors import DecodeError, RequestTimeout, api_error

T = TypeVar("T")

MAX_REDIRECTS = 5
LONGEST_SHOWN = 100
LONGEST_REFUSAL = 64 * 1024
LONGEST_SILENCE = 60.0
SHORTEST_SILENCE = 0.001
CONNECT_TIMEOUT = 5.0
OK, PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 200, 206, 416
SIZE = re.compile(r"[0-9]{1,15}")
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]+/(.+)")


class Part(NamedTuple):
    """What an answer holds of a file: from which byte on, of how many (if known), and of which version (if it says)."""

    start: int
    size: int | None
    version: str

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        """Read the head of an answer."""
        headers = response.headers
        start, size, version = 0, headers.get("content-length", ""), headers.get("etag", "")
        if response.status_code != OK:
            found = CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
            start, size = (int(found[1]), found[2]) if found else (-1, "")
        if "content-encoding" in headers:
            return cls(start, None, "")  # both are about the compressed file
        if version.startswith("W/"):
            version = ""  # a weak ETag does not promise the same bytes
        return cls(start, int(size) if SIZE.fullmatch(size) else None, version or headers.get("last-modified", ""))


class Transfer(Generic[T]):
    """One image on its way here: what to ask for, and what an answer means. Its kinds know where the bytes go.

    What a lost connection has brought is kept where the server can send the rest of the very same file.

    Args:
        source: The image.
        max_bytes: What is larger is refused.
        max_retries: How many attempts in a row may bring nothing new.
        timeout: Seconds that it may take as a whole.

    Raises:
        DecodeError: It is at no web address, or its address cannot be read.
    """

    _file: BinaryIO
    _end: float
    _asked: float
    _request: httpx.Request
    _response: httpx.Response
    _inflater: Inflater | None

    def __init__(self, source: Source, *, max_bytes: int, max_retries: int, timeout: float) -> None:
        if isinstance(source.uri, DecodeError):
            raise source.uri
        self._name = source.name
        self._max_bytes = max_bytes
        self._max_retries = max_retries
        self._timeout = timeout
        self._address = self._url = _web_address(source.uri)
        self._redirects = 0
        self._received = self._furthest = 0
        self._size: int | None = None
        self._version = ""
        self._refusal = b""
        self._pause = 0.0
        self._failure: Exception | None = None
        self._policy = self._new_policy()

    def _new_policy(self) -> RetryPolicy:
        return RetryPolicy(httpx.Request("GET", self._address), self._max_retries, "the address of the image")

    def __enter__(self) -> Self:
        self._file = self._open()
        self._end = time.monotonic() + self._timeout
        return self

    def __exit__(self, *_exc: object) -> None:
        with suppress(OSError):  # flushing to a full disk fails again here; that error has been raised already
            self._file.close()

    def _open(self) -> BinaryIO:
        """Open what the bytes go into."""
        raise NotImplementedError

    def _keep(self, extension: str) -> T:
        """Return what has become of the image, now that all of it is there."""
        raise NotImplementedError

    def ask(self) -> httpx.Request:
        """Make the next request."""
        self._asked = time.monotonic()
        silence = max(min(self._end - self._asked, LONGEST_SILENCE), SHORTEST_SILENCE)
        limits = httpx.Timeout(silence, connect=min(silence, CONNECT_TIMEOUT))
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        if self._received:
            headers |= {"Range": f"bytes={self._received}-", "If-Range": self._version}
        extensions = {"timeout": limits.as_dict(), DEADLINE: self._end}
        self._request = httpx.Request("GET", self._url, headers=headers, extensions=extensions)
        return self._request

    def begin(self, response: httpx.Response) -> bool:
        """Process the head of a response.

        Args:
            response: The response, its body unread.

        Returns:
            Whether its body is wanted.

        Raises:
            DecodeError: It leads to what is no web address, or to a file that is too large.
            httpx.RemoteProtocolError: It is not the part of the file that was asked for.
        """
        response.request = self._request
        self._response, self._refusal, self._pause = response, b"", 0.0
        compressed = coding(response.headers)
        if compressed and compressed not in FORMATS:
            raise self._unusable(f"is compressed as {compressed!r}, which nobody asked for")
        self._inflater = Inflater(compressed) if compressed and not response.is_stream_consumed else None
        if response.has_redirect_location:
            self._follow(response.headers["location"])
            return False
        if self._is_file(response) or (response.status_code == RANGE_NOT_SATISFIABLE and self._received):
            self._place(Part.of(response))
        return True

    @staticmethod
    def _is_file(response: httpx.Response) -> bool:
        return response.status_code in {OK, PARTIAL_CONTENT}

    def _follow(self, location: str) -> None:
        """Go where a redirect leads."""
        self._redirects += 1
        if self._redirects > MAX_REDIRECTS:
            raise self._unusable(f"redirects more than {MAX_REDIRECTS} times")
        target = _web_address(location, self._url)
        if self._url.scheme == "https" and target.scheme != "https":
            raise self._unusable(f"redirects from https to {target.scheme}")
        self._url = target

    def _place(self, part: Part) -> None:
        """Go to where a part of the file belongs."""
        if part.start and (part.start != self._received or part.version not in {"", self._version}):
            self._version = ""
            raise httpx.RemoteProtocolError("the server did not send the rest of the same file")
        if not part.start:
            self._version = part.version
        self._file.seek(part.start)
        self._file.truncate()
        self._received, self._size = part.start, part.size
        self._limit(part.size or 0)

    def write(self, chunk: bytes) -> bool:
        """Write a chunk of the body.

        Args:
            chunk: The chunk.

        Returns:
            Whether more of it is wanted.

        Raises:
            DecodeError: The file is too large.
            RequestTimeout: It takes too long.
        """
        self._check_time()
        if self._inflater is not None:
            try:
                chunk = self._inflater.take(chunk, max(self._max_bytes - self._received, LONGEST_REFUSAL) + 1)
            except zlib.error as error:
                raise self._unusable(f"cannot be decompressed: {error}") from None
        if not self._is_file(self._response):
            self._refusal += chunk[:LONGEST_REFUSAL]
            return len(self._refusal) < LONGEST_REFUSAL
        self._limit(self._received + len(chunk))
        self._file.write(chunk)
        self._received += len(chunk)
        return True

    def _limit(self, size: int) -> None:
        if size > self._max_bytes:
            raise self._unusable(f"is larger than max_bytes, {self._max_bytes} bytes")

    def _check_time(self) -> None:
        if time.monotonic() + self._pause > self._end:
            message = f"{self._url.host} did not send {self._name} within {self._timeout:g} s"
            raise RequestTimeout(message, request=self._request, maybe_sent=True) from self._failure

    def _unusable(self, reason: str) -> DecodeError:
        return DecodeError(f"the file at {self._url.host}{self._url.path[:LONGEST_SHOWN]}", reason)

    def finish(self) -> T | None:
        """Process the end of a response.

        Returns:
            What has become of the image; None if there is to be another request.

        Raises:
            ApiError: The server refuses to send the file.
            DecodeError: It is no image of a known kind.
            httpx.RemoteProtocolError: Not all of it came.
        """
        response = self._response
        if response.has_redirect_location:
            return None
        if not self._is_file(response):
            pause = self._policy.after_answer(response)
            if pause is None:
                elapsed = timedelta(seconds=time.monotonic() - self._asked)
                raise api_error(response, self._refusal, elapsed, elsewhere=True)
            self._start_over(pause)
            return None
        return self._keep(self._extension())

    def _extension(self) -> str:
        """Find out what kind of image the file is, and that it is whole."""
        self._file.flush()
        self._file.seek(0)
        beginning = self._file.read(LONGEST_BEGINNING)
        kind = kind_of(beginning)
        declared = self._size is not None or "transfer-encoding" in self._response.headers
        if not self._received >= (self._size or 0) or (not declared and len(beginning) < LONGEST_BEGINNING):
            raise httpx.RemoteProtocolError("the connection was closed before all of the file had come")
        if kind is None:
            raise self._unusable(f"is no PNG, JPEG, GIF or WebP image; it begins with {beginning!r}")
        if not is_whole(self._file, kind):
            if declared:
                self._version = ""  # the server believes that it sent the whole file, so asking for the rest is no use
            raise httpx.RemoteProtocolError("the connection was closed before all of the file had come")
        return kind.extension

    def fail(self, error: httpx.RequestError) -> None:
        """Process a failed connection.

        Args:
            error: How.

        Raises:
            ConnectionFailed: There is to be no other request.
            RequestTimeout: There is to be no other request.
        """
        self._failure = error
        if not self._version:
            self._received = 0
        if self._received > self._furthest:
            self._furthest, self._policy = self._received, self._new_policy()
        self._start_over(self._policy.after_error(error))

    def _start_over(self, pause: float) -> None:
        # Where a redirect led last time need not be there any more.
        self._url, self._redirects, self._pause = self._address, 0, pause

    def left(self) -> float:
        """Return how many seconds all of it may still take."""
        return self._end - time.monotonic()

    def pause(self) -> float:
        """Return how many seconds to wait before the next request.

        Raises:
            RequestTimeout: It takes too long.
        """
        self._check_time()
        return self._pause


def _web_address(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """Read an address, and refuse one that is none of the web, or that nothing could be connected to."""
    try:
        url = base.join(address) if base else httpx.URL(address)
        url.host.encode("idna")
        if url.scheme in {"http", "https"} and url.host and 0 < (url.port or 80) < 2**16:
            return url
    except (httpx.InvalidURL, ValueError):
        pass
    raise DecodeError("the address of an image", f"is none of http or https, but {outline(address)}")
