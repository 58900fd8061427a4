# Generated from openapi.yaml by `make generate`. Do not edit.
"""Fetching images from the addresses that a server names, into files or into memory."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import aclosing, closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar, cast

import httpx

from ._deadlines import TOO_LONG
from ._faults import as_httpx
from ._images import Source
from ._transfer import Transfer
from .errors import LeapError, RequestTimeout

T = TypeVar("T")


class Download(Transfer[Path]):
    """An image on its way into a directory.

    The bytes go into a hidden file beside the final one, which takes its place only once all are there.

    Args:
        source: The image.
        directory: Where to save it.
        **options: See `Transfer`.
    """

    def __init__(self, source: Source, directory: Path, **options: Any) -> None:
        super().__init__(source, **options)
        self._directory = directory
        self._part = directory / f".{source.name}.{secrets.token_hex(8)}.part"

    def __exit__(self, *exc: object) -> None:
        try:
            super().__exit__(*exc)
        finally:
            self._part.unlink(missing_ok=True)

    def _open(self) -> BinaryIO:
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._part.open("x+b")

    def _keep(self, extension: str) -> Path:
        os.fsync(self._file.fileno())
        self._file.close()
        return self._part.replace(self._directory / f"{self._name}{extension}")


class InMemory(Transfer[bytes]):
    """An image on its way into memory."""

    def _open(self) -> BinaryIO:
        # A file without a name, since what checks an image maps it.
        return cast("BinaryIO", tempfile.TemporaryFile())

    def _keep(self, extension: str) -> bytes:
        del extension
        self._file.seek(0)
        return self._file.read()


class FirstError:
    """Collects the errors of several downloads: all are tried, and the first error is raised at the end.

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
        if isinstance(error, LeapError):
            error.job = self._source
        elif error is None and self._error is not None:
            self._error.job = self._source
            raise self._error


def fetch(transport: httpx.BaseTransport, download: Transfer[T]) -> T:
    """Fetch one image.

    Args:
        transport: What to send requests through.
        download: The image.

    Returns:
        What has become of it.
    """
    with download:
        while True:
            try:
                with closing(transport.handle_request(download.ask())) as response:
                    if download.begin(response):
                        for chunk in response.iter_bytes() if response.is_stream_consumed else response.iter_raw():
                            if not download.write(chunk):
                                break
                    kept = download.finish()
                if kept is not None:
                    return kept
            except httpx.RequestError as error:
                download.fail(error)
            time.sleep(download.pause())


async def fetch_async(transport: httpx.AsyncBaseTransport, download: Transfer[T]) -> T:
    """Fetch one image; see `fetch`."""
    with download:
        while True:
            try:
                async with asyncio.timeout(download.left()):
                    kept = await _fetch_async(transport, download)
                if kept is not None:
                    return kept
            except RequestTimeout:
                raise
            except TimeoutError:
                download.fail(httpx.ReadTimeout(TOO_LONG))
            except Exception as error:
                fault = as_httpx(error)
                if fault is None:
                    raise
                download.fail(fault)
            await asyncio.sleep(download.pause())


async def _fetch_async(transport: httpx.AsyncBaseTransport, download: Transfer[T]) -> T | None:
    async with aclosing(await transport.handle_async_request(download.ask())) as response:
        if download.begin(response):
            async for chunk in response.aiter_bytes() if response.is_stream_consumed else response.aiter_raw():
                if not download.write(chunk):
                    break
        return download.finish()
