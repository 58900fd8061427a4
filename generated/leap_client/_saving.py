# Generated from openapi.yaml by `make generate`. Do not edit.
"""Fetching all images of an object, into files or into memory. If one fails, the others are still fetched."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

from ._checks import of_type
from ._download import Download, FirstError, InMemory, fetch, fetch_async
from ._images import Source
from ._transfer import Transfer
from .errors import A_YEAR, JobFailed, LeapError

T = TypeVar("T")


def check_finished(  # noqa: PLR0913, PLR0917 - the rule of `wait`, and the job
    what: str, state: str, success: Collection[str], failure: Collection[str], wait: str, job: object
) -> None:
    """Refuse to fetch nothing of a job that has no images because it has not finished.

    Args:
        what: What the job is called in errors.
        state: Its state.
        success: The states in which a job has finished.
        failure: The states in which a job has failed.
        wait: The method that waits for it.
        job: The job.

    Raises:
        JobFailed: It has failed.
        LeapError: It goes on.
    """
    if state in failure:
        raise JobFailed(f"{what} {state!s}, so there are no images of it", job)
    if state not in success:
        error = LeapError(f"{what} is {state!s}, so there are no images of it yet; use `{wait}` first")
        error.job = job
        raise error


class Images:
    """The images of an object that are to be fetched, and how.

    Args:
        client: The client that sends the requests.
        source: The object.
        find: Finds its images.
        max_bytes: What is larger is refused.
        timeout: Seconds that one may take; None for no limit.

    Raises:
        TypeError: An argument is no number, or `max_bytes` is no whole one.
        ValueError: An argument is not more than 0.
    """

    def __init__(
        self, client: Any, source: Any, find: Callable[[Any], list[Source]], max_bytes: int, timeout: float | None
    ) -> None:
        # Operating systems take no infinite limit.
        seconds = A_YEAR if timeout is None else timeout
        whole, number = of_type("a whole number", int), of_type("a number of seconds or None", int, float)
        for name, value, check in (("max_bytes", max_bytes, whole), ("timeout", seconds, number)):
            check(value, name)
            if not value > 0:
                raise ValueError(f"{name} must be more than 0, got {value!r}")
        self._open = client._plain_transport  # noqa: SLF001 - it is no method for users of the client
        self._source = source
        self._find = find
        self._options: dict[str, Any] = {
            "max_bytes": max_bytes,
            "max_retries": client.max_retries,
            "timeout": min(seconds, A_YEAR),
        }

    def save(self, directory: Path) -> list[Path]:
        """Save them in a directory."""
        return self._fetch(lambda image: Download(image, directory, **self._options))

    def read(self) -> list[bytes]:
        """Read them into memory."""
        return self._fetch(lambda image: InMemory(image, **self._options))

    async def save_async(self, directory: Path) -> list[Path]:
        """Save them in a directory."""
        return await self._fetch_async(lambda image: Download(image, directory, **self._options))

    async def read_async(self) -> list[bytes]:
        """Read them into memory."""
        return await self._fetch_async(lambda image: InMemory(image, **self._options))

    def _fetch(self, transfer: Callable[[Source], Transfer[T]]) -> list[T]:
        results = []
        with FirstError(self._source) as first_error:
            found = self._find(self._source)
            with self._open() as transport:
                for image in found:
                    with first_error.of_one():
                        results.append(fetch(transport, transfer(image)))
        return results

    async def _fetch_async(self, transfer: Callable[[Source], Transfer[T]]) -> list[T]:
        results = []
        with FirstError(self._source) as first_error:
            found = self._find(self._source)
            async with self._open() as transport:
                for image in found:
                    with first_error.of_one():
                        results.append(await fetch_async(transport, transfer(image)))
        return results
