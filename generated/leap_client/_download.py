# Generated from openapi.yaml by `make generate`. Do not edit.
"""Saving the images behind the addresses that a server names.

The addresses are on hosts that nothing is known of, so what comes from there is trusted with nothing: no token is sent,
no name or type is taken over, no size is left open, and no address but http and https is followed.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

import httpx

from ._transport import Attempts
from .errors import DecodeError, RequestTimeout, api_error

MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
MAX_ATTEMPTS = 1000
LONGEST_NAME = 100
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), ".png"),
    (re.compile(rb"\xff\xd8\xff"), ".jpg"),
    (re.compile(rb"GIF8[79]a"), ".gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), ".webp"),
)
SIGNATURE_LENGTH = 12
OK, PARTIAL_CONTENT = 200, 206


class Source(NamedTuple):
    """An image to fetch: its address, and the name of its file without an extension."""

    uri: str
    name: str


def sources(items: list[Any], uri_of: Any, stem: str) -> list[Source]:
    """Name the images of an object, in the order of the number that each has in its address.

    Args:
        items: The images, in any order.
        uri_of: Tells the address of one.
        stem: What all names begin with.

    Returns:
        The images. If their addresses do not number them all apart, they are numbered as they came.
    """
    uris = [uri_of(item) for item in items]
    numbers = [_number(uri) for uri in uris]
    if None in numbers or len(set(numbers)) < len(numbers):
        numbers = list(range(len(uris)))
    ordered = sorted(zip(numbers, uris, strict=True), key=lambda pair: pair[0] or 0)
    return [Source(uri, file_name(f"{stem}-{number}")) for number, uri in ordered]


def _number(uri: str) -> int | None:
    """Find the number of an image at the end of the path of its address."""
    path = uri.partition("?")[0].partition("#")[0]
    found = re.search(r"([0-9]{1,9})(?:\.[A-Za-z0-9]+)?$", path.rpartition("/")[2])
    return int(found[1]) if found else None


def file_name(text: str) -> str:
    """Make a string safe to be the name of a file, whatever the server put into it."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text).lstrip(".")[:LONGEST_NAME] or "image"


class Download:
    """One image on its way into a file: what to ask for, what an answer means, and where the bytes go.

    The bytes go into a hidden file beside the final one, which takes their place only once all are there.

    Args:
        source: The image.
        directory: Where to save it.
        max_bytes: What is larger is not saved.
        max_retries: How many attempts in a row may bring nothing new.
        timeout: Seconds that it may take as a whole.
    """

    def __init__(self, source: Source, directory: Path, *, max_bytes: int, max_retries: int, timeout: float) -> None:
        self._source = source
        self._directory = directory
        self._max_bytes = max_bytes
        self._max_retries = max_retries
        self._timeout = timeout
        self._end = time.monotonic() + timeout
        self._part = directory / f".{source.name}.{secrets.token_hex(8)}.part"
        self._received = 0
        self._before = 0
        self._validator = ""
        self._head = b""
        self._redirects = 0
        self._made = 0
        self._file: BinaryIO
        self.request = self._ask(httpx.URL(source.uri) if _is_url(source.uri) else None)
        self._attempts = Attempts(self.request, max_retries)

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("xb")
        return self

    def __exit__(self, *_exc: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _ask(self, url: httpx.URL | None) -> httpx.Request:
        if url is None or url.scheme not in {"http", "https"} or not url.host:
            raise DecodeError("", f"is at no http or https address: {str(url or self._source.uri)[:100]!r}")
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        if self._received:
            # Only the rest, and only of the same file.
            headers |= {"Range": f"bytes={self._received}-", "If-Range": self._validator}
        return httpx.Request("GET", url, headers=headers, extensions={"timeout": TIMEOUT.as_dict()})

    def begin(self, response: httpx.Response) -> bool:
        """Take in the head of an answer.

        Args:
            response: The answer, its body unread.

        Returns:
            Whether its body is to be written; if not, `request` is to be sent next.

        Raises:
            DecodeError: The answer leads to what is no web address, or to a file that is too large.
        """
        if response.is_redirect and self._redirects < MAX_REDIRECTS:
            self._redirects += 1
            target = self.request.url.join(response.headers.get("location", ""))
            if self.request.url.scheme == "https" and target.scheme != "https":
                raise DecodeError("", f"redirects from https to {target.scheme}")
            self.request = self._ask(target)
            return False
        if response.status_code not in {OK, PARTIAL_CONTENT}:
            return False
        start = re.match(r"bytes ([0-9]+)-", response.headers.get("content-range", ""))
        if not (response.status_code == PARTIAL_CONTENT and start and int(start[1]) == self._received):
            self._restart()
        # A weak ETag does not promise the same bytes, so nothing can be added to them.
        etag = response.headers.get("etag", "")
        self._validator = "" if etag.startswith("W/") else etag or response.headers.get("last-modified", "")
        self._limit(self._received + int(response.headers.get("content-length") or 0))
        return True

    def _restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._received, self._head = 0, b""

    def _limit(self, size: int) -> None:
        if size > self._max_bytes:
            raise DecodeError("", f"is larger than max_bytes, {self._max_bytes} bytes")

    def write(self, chunk: bytes) -> None:
        """Take in a piece of the body.

        Raises:
            DecodeError: The file is too large.
            RequestTimeout: It takes too long.
        """
        self._limit(self._received + len(chunk))
        if time.monotonic() > self._end:
            message = f"{self.request.url.host} did not send {self._source.name} within {self._timeout:g} s"
            raise RequestTimeout(message, request=self.request, maybe_sent=True)
        self._file.write(chunk)
        self._received += len(chunk)
        if len(self._head) < SIGNATURE_LENGTH:
            self._head = (self._head + chunk)[:SIGNATURE_LENGTH]

    def again(self, failure: httpx.RequestError | httpx.Response, elapsed: float) -> float:
        """Decide after an attempt that brought no whole file.

        Args:
            failure: The error, or the answer that is none of success, its body read.
            elapsed: Seconds that the attempt took.

        Returns:
            Seconds to wait before `request` is to be sent next.

        Raises:
            ApiError: The answer is final.
            ConnectionFailed: The error is final.
            RequestTimeout: The error is final.
        """
        self._made += 1
        if self._received > self._before and self._made < MAX_ATTEMPTS:
            self._attempts = Attempts(self.request, self._max_retries)
        if isinstance(failure, httpx.Response):
            delay = self._attempts.after_answer(failure)
            if delay is None:
                raise api_error(failure, failure.content, timedelta(seconds=elapsed))
        else:
            delay = self._attempts.after_error(failure)
        if not self._validator:
            self._restart()
        self._before = self._received
        self.request = self._ask(self.request.url)
        return delay

    def finish(self) -> Path:
        """Give the file its name.

        Returns:
            Its path.

        Raises:
            DecodeError: It is no image of a known kind.
        """
        extension = next((name for signature, name in SIGNATURES if signature.match(self._head)), None)
        if extension is None:
            raise DecodeError("", f"is no PNG, JPEG, GIF or WebP image; it begins with {self._head!r}")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._part.replace(self._directory / f"{self._source.name}{extension}")


def _is_url(text: str) -> bool:
    try:
        httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        return False
    return True


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
            started = time.perf_counter()
            request = download.request
            try:
                with _answer(transport, request) as response:
                    if download.begin(response):
                        for chunk in response.iter_raw():
                            download.write(chunk)
                        return download.finish()
                    if download.request is not request:
                        continue
                    response.read()
                    failure: httpx.RequestError | httpx.Response = response
            except httpx.RequestError as error:
                failure = error
            time.sleep(download.again(failure, time.perf_counter() - started))


async def fetch_async(transport: httpx.AsyncBaseTransport, download: Download) -> Path:
    """Save one image; see `fetch`."""
    with download:
        while True:
            started = time.perf_counter()
            request = download.request
            try:
                async with _async_answer(transport, request) as response:
                    if download.begin(response):
                        async for chunk in response.aiter_raw():
                            download.write(chunk)
                        return download.finish()
                    if download.request is not request:
                        continue
                    await response.aread()
                    failure: httpx.RequestError | httpx.Response = response
            except httpx.RequestError as error:
                failure = error
            await asyncio.sleep(download.again(failure, time.perf_counter() - started))


@contextmanager
def _answer(transport: httpx.BaseTransport, request: httpx.Request) -> Iterator[httpx.Response]:
    response = transport.handle_request(request)
    response.request = request
    try:
        yield response
    finally:
        response.close()


@asynccontextmanager
async def _async_answer(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await transport.handle_async_request(request)
    response.request = request
    try:
        yield response
    finally:
        await response.aclose()
