"""Waiting for a job to end, by looking at it again and again."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Generic, Self, TypeVar

import httpx

from .errors import ApiError, JobFailed, JobTimeout, ServiceError, retry_after

T = TypeVar("T")

# A trade of looks for delay; tests/test_wait.py has the figures for jobs of some seconds.
FIRST_INTERVAL = 1.05
GROWTH = 0.006
LONGEST_INTERVAL = 5.0
LONGEST_POLL = 30.0
LAST_POLL = 2.0
# The answers that may be others at the next look.
PASSING = {408, 429, *range(500, 600)}


def check(timeout: float) -> None:
    """Refuse a timeout that cannot be right, before anything is sent that may have to be paid for.

    Raises:
        TypeError: It is no number.
        ValueError: It is less than 0.
    """
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout must be a number of seconds, got {timeout!r}")
    if not timeout >= 0:
        raise ValueError(f"timeout must be at least 0 seconds, got {timeout}")


class JobPoller(Generic[T]):
    """Decides what each look at a job means, and when to look next.

    As a context manager, it puts the job on whatever is raised in its block, so that the job is not lost.

    Args:
        what: What the job is called in errors.
        state_of: Tells the state of a job.
        success: The states in which a job has ended well.
        failure: The states in which a job has failed. In any other state it goes on, in an unknown one too.
        timeout: Seconds after which the last look is made.
        on_update: Is called with the job whenever it has changed.
        known: The job as its submission was answered; None if that is not known.
    """

    def __init__(  # noqa: PLR0913 - a rule for each, and a caller's choices
        self,
        what: str,
        state_of: Callable[[T], str],
        success: Collection[str],
        failure: Collection[str],
        *,
        timeout: float,
        on_update: Callable[[T], object] | None,
        known: T | None,
    ) -> None:
        check(timeout)
        self._what = what
        self._state_of = state_of
        self._success = success
        self._failure = failure
        self._timeout = timeout
        self._start = time.monotonic()
        self._job: T | None = None
        self._error: ServiceError | None = None
        self.on_update = on_update or (lambda _: None)
        self.known = known

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if error is None or self._job is None:
            return
        if not isinstance(error, ServiceError):
            error.add_note(f"{self._what} shows the job; as last seen, it is in the attribute `job` of this exception")
        if getattr(error, "job", None) is None:
            with suppress(AttributeError):  # some exceptions cannot be changed
                error.job = self._job  # type: ignore[attr-defined]  # most exceptions have none until now

    def changed(self, job: T) -> bool:
        """Take in what a look has shown, and tell whether it is news.

        Args:
            job: The job.
        """
        before, self._job, self._error = self._job, job, None
        if before is not None and before is self.known:
            # The answers to a submission and to a look may say the same in different words.
            return self._state_of(job) != self._state_of(before)
        return job != before

    def ended(self, job: T) -> bool:
        """Tell whether a job has ended well.

        Args:
            job: The job.

        Raises:
            JobFailed: The job has failed.
        """
        state = self._state_of(job)
        if state in self._failure:
            raise JobFailed(f"{self._what} ended as {state!s}", job)
        return state in self._success

    def missed(self, error: ServiceError) -> None:
        """Take in that a look has failed.

        Args:
            error: Why.

        Raises:
            ServiceError: The same, if the next look would fail likewise.
        """
        if isinstance(error, ApiError) and error.status_code not in PASSING:
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
            why = f"; the last look at it failed: {self._error}" if self._error else ""
            raise JobTimeout(f"{self._what} did not end within {self._timeout:g} s{why}", self._job) from self._error
        pause = min(FIRST_INTERVAL + GROWTH * elapsed, LONGEST_INTERVAL)
        if isinstance(self._error, ApiError):
            pause = max(pause, retry_after(self._error.headers) or 0.0)
        return min(pause, left)

    def limits(self) -> httpx.Timeout:
        """Tell how long the next look may take, so that a silent server does not outlast the wait."""
        left = self._timeout - (time.monotonic() - self._start)
        seconds = min(max(left, LAST_POLL), LONGEST_POLL)
        return httpx.Timeout(seconds * 0.75, connect=seconds * 0.25)


def wait(poll: Callable[[httpx.Timeout], T], poller: JobPoller[T]) -> T:
    """Look at a job until it has ended.

    Args:
        poll: Fetches the job, within the given limits.
        poller: What a look means.

    Returns:
        The job.

    Raises:
        JobFailed: The job has failed.
        JobTimeout: The job did not end in time.
        ServiceError: A look failed in a way that will not pass.
    """
    with poller:
        known = poller.known
        while True:
            try:
                job = poll(poller.limits()) if known is None else known
            except ServiceError as error:
                poller.missed(error)
            else:
                if poller.changed(job):
                    poller.on_update(job)
                if poller.ended(job):
                    return job
            known = None
            time.sleep(poller.pause())


async def wait_async(poll: Callable[[httpx.Timeout], Awaitable[T]], poller: JobPoller[T]) -> T:
    """Look at a job until it has ended; see `wait`. Here `on_update` may be asynchronous."""
    with poller:
        known = poller.known
        while True:
            try:
                job = await poll(poller.limits()) if known is None else known
            except ServiceError as error:
                poller.missed(error)
            else:
                if poller.changed(job):
                    await _done(poller.on_update(job))
                if poller.ended(job):
                    return job
            known = None
            await asyncio.sleep(poller.pause())


async def _done(result: object) -> None:
    if inspect.isawaitable(result):
        await result
