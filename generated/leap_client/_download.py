# Generated from openapi.yaml by `make generate`. Do not edit.
"""Saving the images behind the addresses that a server names.

The addresses are on hosts that nothing is known of, so what comes from there is trusted with nothing: no token is sent,
no name or type is taken over, no size is left open, and no address but http and https is followed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

import httpx

from ._faults import as_httpx
from ._retries import RetryPolicy
from .errors import DecodeError, LeapError, RequestTimeout, api_error

MAX_REDIRECTS = 5
LONGEST_NAME = 100
LONGEST_SHOWN = 100
LONGEST_REFUSAL = 64 * 1024
LONGEST_SILENCE = 60.0
SHORTEST_SILENCE = 0.001
CONNECT_TIMEOUT = 5.0
OK, PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 200, 206, 416
SIZE = re.compile(r"[0-9]{1,15}")
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]+/(.+)")


class Kind(NamedTuple):
    """A kind of image: how its files are called, begin and end."""

    extension: str
    begins: re.Pattern[bytes]
    ends: bytes


KINDS = (
    Kind(".png", re.compile(rb"\x89PNG\r\n\x1a\n"), b"IEND\xaeB`\x82"),
    Kind(".jpg", re.compile(rb"\xff\xd8\xff"), b"\xff\xd9"),
    Kind(".gif", re.compile(rb"GIF8[79]a"), b"\x00;"),
    Kind(".webp", re.compile(rb"RIFF....WEBP", re.DOTALL), b""),
)
LONGEST_BEGINNING, LONGEST_END = 12, 8


class Source(NamedTuple):
    """An image to fetch: its address, and the name of its file without an extension."""

    uri: str
    name: str


def sources(items: list[Any], uri_of: Callable[[Any], str], stem: str) -> list[Source]:
    """Name the images of an object, in the order of the number that each has in its address.

    Args:
        items: The images, in any order.
        uri_of: Tells the address of one.
        stem: What all names begin with.

    Returns:
        The images. If their addresses do not number them all apart, they are numbered as they came.
    """
    uris = [uri_of(item) for item in items]
    numbers = [number for number in map(_number, uris) if number is not None]
    if len(set(numbers)) < len(uris):
        numbers = list(range(len(uris)))
    return [Source(uri, f"{file_name(stem)}-{number}") for number, uri in sorted(zip(numbers, uris, strict=True))]


def _number(uri: str) -> int | None:
    """Find the number of an image at the end of the path of its address."""
    path = uri.partition("?")[0].partition("#")[0]
    found = re.search(r"([0-9]{1,9})(?:\.[A-Za-z0-9]+)?$", path.rpartition("/")[2])
    return int(found[1]) if found else None


def file_name(text: str) -> str:
    """Make a string safe to be the name of a file, whatever the server put into it, and different from all others."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", text).lstrip(".-")[:LONGEST_NAME] or "image"
    return name if name == text else f"{name}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


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


class Download:
    """One image on its way into a file: what to ask for, what an answer means, and where the bytes go.

    The bytes go into a hidden file beside the final one, which takes its place only once all are there. What a lost
    connection has brought is kept where the server can send the rest of the very same file.

    Args:
        source: The image.
        directory: Where to save it.
        max_bytes: What is larger is not saved.
        max_retries: How many attempts in a row may bring nothing new.
        timeout: Seconds that it may take as a whole.

    Raises:
        DecodeError: It is at no web address.
    """

    _file: BinaryIO
    _end: float
    _asked: float
    _request: httpx.Request
    _response: httpx.Response

    def __init__(self, source: Source, directory: Path, *, max_bytes: int, max_retries: int, timeout: float) -> None:
        self._name = source.name
        self._directory = directory
        self._part = directory / f".{source.name}.{secrets.token_hex(8)}.part"
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
        return RetryPolicy(httpx.Request("GET", self._address), self._max_retries)

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("x+b")
        self._end = time.monotonic() + self._timeout
        return self

    def __exit__(self, *_exc: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def ask(self) -> httpx.Request:
        """Make the next request."""
        self._asked = time.monotonic()
        silence = max(min(self._end - self._asked, LONGEST_SILENCE), SHORTEST_SILENCE)
        limits = httpx.Timeout(silence, connect=min(silence, CONNECT_TIMEOUT))
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        if self._received:
            headers |= {"Range": f"bytes={self._received}-", "If-Range": self._version}
        self._request = httpx.Request("GET", self._url, headers=headers, extensions={"timeout": limits.as_dict()})
        return self._request

    def begin(self, response: httpx.Response) -> bool:
        """Take in the head of an answer.

        Args:
            response: The answer, its body unread.

        Returns:
            Whether its body is wanted.

        Raises:
            DecodeError: It leads to what is no web address, or to a file that is too large.
            httpx.RemoteProtocolError: It is not the part of the file that was asked for.
        """
        response.request = self._request
        self._response, self._refusal, self._pause = response, b"", 0.0
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
        """Take in a piece of a body.

        Args:
            chunk: The piece.

        Returns:
            Whether more of it is wanted.

        Raises:
            DecodeError: The file is too large.
            RequestTimeout: It takes too long.
        """
        self._check_time()
        if not self._is_file(self._response):
            self._refusal += chunk
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

    def finish(self) -> Path | None:
        """Take in that an answer has ended.

        Returns:
            The path of the file; None if there is to be another request.

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
        extension = self._extension()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._part.replace(self._directory / f"{self._name}{extension}")

    def _extension(self) -> str:
        """Find out what kind of image the file is, and that it is whole."""
        self._file.seek(0)
        beginning = self._file.read(LONGEST_BEGINNING)
        self._file.seek(max(0, self._received - LONGEST_END))
        end = self._file.read()
        kind = next((kind for kind in KINDS if kind.begins.match(beginning)), None)
        if self._size is not None or "transfer-encoding" in self._response.headers:
            whole = self._received >= (self._size or 0)
        elif kind is not None:
            # The connection was closed without a word on how much there is, so the file itself must tell.
            riff_size = int.from_bytes(beginning[4:8], "little") + 8
            whole = end.endswith(kind.ends) if kind.ends else self._received >= riff_size
        else:
            whole = len(beginning) == LONGEST_BEGINNING
        if not whole:
            raise httpx.RemoteProtocolError("the connection was closed before all of the file had come")
        if kind is None:
            raise self._unusable(f"is no PNG, JPEG, GIF or WebP image; it begins with {beginning!r}")
        return kind.extension

    def fail(self, error: httpx.RequestError) -> None:
        """Take in that a connection has failed.

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

    def pause(self) -> float:
        """Tell how many seconds to wait before the next request.

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
    raise DecodeError("the address of an image", f"is none of http or https: {address[:LONGEST_SHOWN]!r}")


def check(max_bytes: int, timeout: float) -> None:
    """Refuse what cannot be right before anything is fetched.

    Raises:
        TypeError: One of them is no number.
        ValueError: One of them is not more than 0.
    """
    for name, value in (("max_bytes", max_bytes), ("timeout", timeout)):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} must be a number, got {value!r}")
        if not value > 0:
            raise ValueError(f"{name} must be more than 0, got {value!r}")


class FirstError:
    """What came of several downloads: one that fails keeps no other from being tried.

    Args:
        source: What the files belong to.
    """

    def __init__(self, source: Any) -> None:
        self._source = source
        self._error: LeapError | None = None

    @contextmanager
    def of_one(self) -> Iterator[None]:
        """Remember the error of one download, if it is the first."""
        try:
            yield
        except LeapError as error:
            self._error = self._error or error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if error is None and self._error is not None:
            self._error.job = self._source
            raise self._error


def fetch(transport: httpx.BaseTransport, download: Download) -> Path:
    """Save one image.

    Args:
        transport: What to send requests through.
        download: The image.

    Returns:
        The path of the file.
    """
    with download:
        while True:
            try:
                with closing(transport.handle_request(download.ask())) as response:
                    if download.begin(response):
                        for chunk in response.iter_bytes():
                            if not download.write(chunk):
                                break
                    path = download.finish()
                if path is not None:
                    return path
            except httpx.RequestError as error:
                download.fail(error)
            time.sleep(download.pause())


async def fetch_async(transport: httpx.AsyncBaseTransport, download: Download) -> Path:
    """Save one image; see `fetch`."""
    with download:
        while True:
            try:
                async with aclosing(await transport.handle_async_request(download.ask())) as response:
                    if download.begin(response):
                        async for chunk in response.aiter_bytes():
                            if not download.write(chunk):
                                break
                    path = download.finish()
                if path is not None:
                    return path
            except Exception as error:
                fault = as_httpx(error)
                if fault is None:
                    raise
                download.fail(fault)
            await asyncio.sleep(download.pause())
