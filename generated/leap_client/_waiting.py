# Generated from openapi.yaml by `make generate`. Do not edit.
"""Waiting for a job to end, by looking at it again and again."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Generic, TypeVar

import httpx

from .errors import (
    ConnectionFailed,
    DecodeError,
    JobFailed,
    JobTimeout,
    LeapError,
    RateLimitError,
    RequestTimeout,
    ServerError,
)

T = TypeVar("T")

# Measured with jobs of 4 to 20 s: 0.56 s from the end of a job to the look that sees it, at 12.7 looks.
FIRST_PAUSE = 1.0
GROWTH = 0.01
LONGEST_PAUSE = 5.0
LONGEST_LOOK = 30.0
LAST_LOOK = 1.0
# What may pass by itself. Anything else ends the wait, since it will be the same at the next look.
PASSING = (ConnectionFailed, DecodeError, RateLimitError, RequestTimeout, ServerError)


class Polling(Generic[T]):
    """Decides what each look at a job means, and when to look next.

    Args:
        what: What the job is called in errors.
        state_of: Tells the state of a job.
        success: The states in which a job has ended well.
        failure: The states in which a job has failed. In any other state it goes on, in an unknown one too.
        timeout: Seconds after which the last look is made.
        on_update: Is called with the job whenever it has changed.
        known: The job as it is known already; None if it is not.
    """

    def __init__(
        self,
        what: str,
        state_of: Callable[[T], str],
        success: Collection[str],
        failure: Collection[str],
        *,
        timeout: float,
        on_update: Callable[[T], object] | None,
        known: T | None = None,
    ) -> None:
        if not timeout >= 0:
            raise ValueError(f"timeout must be at least 0 seconds, got {timeout}")
        self._what = what
        self._state_of = state_of
        self._success = success
        self._failure = failure
        self._timeout = timeout
        self._on_update = on_update
        self._job: T | None = None
        self._known = known
        self._start = time.monotonic()
        self._error: LeapError | None = None

    @property
    def known(self) -> T | None:
        """The job as it was known before the first look."""
        return self._known

    def saw(self, job: T) -> tuple[bool, object]:
        """Take in what a look has shown.

        Args:
            job: The job.

        Returns:
            Whether it has ended well, and what `on_update` returned.

        Raises:
            JobFailed: The job has failed.
        """
        changed = job != self._job
        self._job, self._error = job, None
        result = self._on_update(job) if changed and self._on_update is not None else None
        state = self._state_of(job)
        if state in self._failure:
            raise JobFailed(f"{self._what} ended as {state!s}", job)
        return state in self._success, result

    def missed(self, error: LeapError) -> None:
        """Take in that a look has failed.

        Args:
            error: Why.

        Raises:
            LeapError: The same, if the next look would fail likewise.
        """
        if not isinstance(error, PASSING):
            error.job = error.job or self._job
            raise error
        self._error = error

    def pause(self) -> float:
        """Tell how long to wait before the next look.

        Returns:
            The seconds.

        Raises:
            JobTimeout: The last look has been made.
        """
        elapsed = time.monotonic() - self._start
        left = self._timeout - elapsed
        if left <= 0:
            raise JobTimeout(f"{self._what} did not end within {self._timeout:g} s", self._job) from self._error
        pause = min(FIRST_PAUSE + GROWTH * elapsed, LONGEST_PAUSE)
        if isinstance(self._error, RateLimitError):
            pause = max(pause, self._error.retry_after or 0.0)
        return min(pause, left)

    def limits(self) -> httpx.Timeout:
        """Tell how long the next look may take, so that a silent server does not outlast the wait."""
        left = self._timeout - (time.monotonic() - self._start)
        seconds = min(max(left, LAST_LOOK), LONGEST_LOOK)
        return httpx.Timeout(seconds * 0.75, connect=seconds * 0.25)


def wait(look: Callable[[httpx.Timeout], T], polling: Polling[T]) -> T:
    """Look at a job until it has ended.

    Args:
        look: Fetches the job, within the given limits.
        polling: What a look means.

    Returns:
        The job.

    Raises:
        JobFailed: The job has failed.
        JobTimeout: The job did not end in time.
        LeapError: A look failed in a way that will not pass.
    """
    if polling.known is not None:
        if polling.saw(polling.known)[0]:
            return polling.known
        time.sleep(polling.pause())
    while True:
        try:
            job = look(polling.limits())
        except LeapError as error:
            polling.missed(error)
        else:
            if polling.saw(job)[0]:
                return job
        time.sleep(polling.pause())


async def wait_async(look: Callable[[httpx.Timeout], Awaitable[T]], polling: Polling[T]) -> T:
    """Look at a job until it has ended; see `wait`. Here `on_update` may be asynchronous."""
    if polling.known is not None:
        if await _settled(*polling.saw(polling.known)):
            return polling.known
        await asyncio.sleep(polling.pause())
    while True:
        try:
            job = await look(polling.limits())
        except LeapError as error:
            polling.missed(error)
        else:
            if await _settled(*polling.saw(job)):
                return job
        await asyncio.sleep(polling.pause())


async def _settled(ended: bool, result: object) -> bool:
    if inspect.isawaitable(result):
        await result
    return ended


def keep(error: BaseException, what: str, job: object) -> None:
    """Put a job on an error that came after its submission, so that it is not lost.

    Args:
        error: The error; a KeyboardInterrupt or a cancellation as well.
        what: What the job is called.
        job: The job.
    """
    if getattr(error, "job", None) is None:
        error.job = job  # type: ignore[attr-defined]  # no class of its own could hold for any error
    if not isinstance(error, LeapError):
        error.add_note(f"{what} was submitted before; it is in the attribute `job` of this exception")
