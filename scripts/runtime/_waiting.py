"""Waiting for a job to end, by polling it."""

from __future__ import annotations

import asyncio
import inspect
import random
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Generic, Self, TypeVar

import httpx

from ._retries import TOO_MANY_REQUESTS
from .errors import ApiError, DecodeError, JobFailed, JobTimeout, ServiceError, retry_after

T = TypeVar("T")

# Polls cost requests, and pauses cost time; tests/test_wait.py has the figures for jobs of some seconds. Most waits
# begin with a job that has just been submitted and does not end at once, so the first pause is longer.
FIRST_INTERVAL = 3.0
INTERVAL = 0.86
GROWTH = 0.006
LONGEST_INTERVAL = 5.0
LONGEST_BACKOFF = 30.0
# Jitter keeps waits that began together from polling together.
JITTER = 0.15
LONGEST_POLL = 30.0
LAST_POLL = 2.0
# The statuses that may be others at the next poll.
TRANSIENT = {408, TOO_MANY_REQUESTS, *range(500, 600)}
# An answer that cannot be read may be an accident; the same fault so many times in a row is none.
SAME_FAULTS = 3


def check(
    timeout: float, interval: float | None, on_update: Callable[[Any], object] | None, *, awaited: bool = False
) -> None:
    """Refuse invalid arguments before anything is sent that may have to be paid for.

    Args:
        timeout: Seconds after which the last poll is made.
        interval: Seconds between two polls.
        on_update: Is called with a job that has changed.
        awaited: Whether what it returns is awaited.

    Raises:
        TypeError: One of them is of the wrong type.
        ValueError: One of them is out of range.
    """
    for name, value in (("timeout", timeout), ("interval", 1.0 if interval is None else interval)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{name} must be a number of seconds, got {value!r}")
    if not timeout >= 0:
        raise ValueError(f"timeout must be at least 0 seconds, got {timeout}")
    if interval is not None and not 0 < interval < float("inf"):
        raise ValueError(f"interval must be more than 0 seconds, got {interval}")
    if on_update is not None and not callable(on_update):
        raise TypeError(f"on_update must be callable, got {on_update!r}")
    if not awaited and any(map(inspect.iscoroutinefunction, (on_update, getattr(on_update, "__call__", None)))):  # noqa: B004 - it is the method that may be asynchronous
        raise TypeError(f"on_update is asynchronous, and a synchronous client awaits nothing: {on_update!r}")


@contextmanager
def submitting(hint: str) -> Iterator[None]:
    """Note on what interrupts a submission how to find the job that it may have made.

    Args:
        hint: How.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException as error:
        error.add_note(hint)
        raise


@contextmanager
def holding(job: object) -> Iterator[None]:
    """Put a submitted job on an error that has none.

    Args:
        job: The job.
    """
    try:
        yield
    except ServiceError as error:
        if error.job is None:
            error.job = job
        raise


class JobPoller(Generic[T]):
    """Decides what each poll of a job means, and when to poll next.

    As a context manager, it puts the job on whatever is raised in its block, so that the job is not lost.

    Args:
        what: What the job is called in errors.
        again: What to call to go on waiting.
        state_of: Tells the state of a job.
        success: The states in which a job has finished.
        failure: The states in which a job has failed. In any other state it goes on, in an unknown one too.
        timeout: Seconds after which the last poll is made.
        interval: Seconds between two polls, give or take the jitter; None for intervals that grow.
        on_update: Is called with the job whenever it has changed.
        known: The job as its submission was answered; None if that is not known.
    """

    def __init__(  # noqa: PLR0913 - a rule for each, and a caller's choices
        self,
        what: str,
        again: str,
        state_of: Callable[[T], str],
        success: Collection[str],
        failure: Collection[str],
        *,
        timeout: float,
        interval: float | None,
        on_update: Callable[[T], object] | None,
        known: T | None,
    ) -> None:
        self._what = what
        self._again = again
        self._state_of = state_of
        self._success = success
        self._failure = failure
        self._timeout = timeout
        self._interval = interval
        self._first_interval = FIRST_INTERVAL
        self._start = time.monotonic()
        self._job: T | None = None
        self._state: str | None = None
        self._error: ServiceError | None = None
        self._faults = self._refusals = 0
        self._on_update = on_update or (lambda _: None)
        self.known = known

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if error is None or self._job is None:
            return
        if not isinstance(error, ServiceError):
            error.add_note(f"{self._what}, as last seen, is in the attribute `job` of this exception")
        if getattr(error, "job", None) is None:
            with suppress(AttributeError):  # some exceptions cannot be changed
                error.job = self._job  # type: ignore[attr-defined]  # most exceptions have none until now

    def changed(self, job: T) -> bool:
        """Take in what a poll has shown, and tell whether it is news.

        Args:
            job: The job.

        Raises:
            DecodeError: Its state cannot be read.
        """
        before = self._job
        self._job = job if before is None else before  # one that cannot be read takes the place of none that can
        state = self._state_of(job)
        self._job, state_before, self._state = job, self._state, state
        self._error, self._faults, self._refusals = None, 0, 0
        if before is not None and before is self.known:
            # The answers to a submission and to a poll may say the same in different words.
            return self._state != state_before
        return job != before

    def update(self, job: T) -> None:
        """Call `on_update`.

        Args:
            job: The job.

        Raises:
            TypeError: It is asynchronous.
        """
        result = self._on_update(job)
        if inspect.isawaitable(result):
            if inspect.iscoroutine(result):
                result.close()
            raise TypeError("on_update is asynchronous, and a synchronous client awaits nothing")

    async def update_async(self, job: T) -> None:
        """Call `on_update`, and await what it returns.

        Args:
            job: The job.
        """
        result = self._on_update(job)
        if inspect.isawaitable(result):
            await result

    def ended(self) -> bool:
        """Return whether the job has finished.

        Raises:
            JobFailed: The job has failed.
        """
        if self._state in self._failure:
            raise JobFailed(f"{self._what} {self._state!s}", self._job)
        return self._state in self._success

    def missed(self, error: ServiceError) -> None:
        """Take in that a poll has failed.

        Args:
            error: Why.

        Raises:
            ServiceError: It failed permanently.
        """
        if isinstance(error, ApiError):
            if error.status_code not in TRANSIENT:
                raise error
            self._refusals += 1
        self._faults = self._faults + 1 if str(error) == str(self._error) else 1
        self._error = error
        if isinstance(error, DecodeError) and self._faults == SAME_FAULTS:
            fault = DecodeError(error.field, f"{error.reason}, {SAME_FAULTS} polls in a row")
            fault.response = error.response
            raise fault from error

    def pause(self) -> float:
        """Return how long to wait before the next poll.

        Returns:
            The seconds.

        Raises:
            JobTimeout: The last poll has been made.
        """
        elapsed = time.monotonic() - self._start
        left = self._timeout - elapsed
        if left <= 0:
            raise self._timed_out() from self._error
        growing = max(min(INTERVAL + GROWTH * elapsed, LONGEST_INTERVAL), self._first_interval)
        self._first_interval = 0.0
        pause = growing if self._interval is None else self._interval
        if isinstance(self._error, ApiError):
            backoff = min(pause * 2**self._refusals, max(LONGEST_BACKOFF, pause))
            # Nobody comes back before the server asks for it, and not all at the same moment.
            asked = retry_after(self._error.headers)
            return min(backoff * _jitter() if asked is None else max(asked * (_jitter() + JITTER), pause), left)
        return min(pause * _jitter(), left)

    def _timed_out(self) -> JobTimeout:
        why = f"; the last poll of it failed: {self._error}" if self._error else ""
        if self._state is None:
            return JobTimeout(f"{self._what} was not seen within {self._timeout:g} s{why}", self._job)
        said = f"is still {self._state!s} after {self._timeout:g} s; call {self._again} again to keep waiting"
        return JobTimeout(f"{self._what} {said}{why}", self._job)

    def limits(self) -> httpx.Timeout:
        """Return how long the next poll may take, so that a silent server does not outlast the wait."""
        left = self._timeout - (time.monotonic() - self._start)
        seconds = min(max(left, LAST_POLL), LONGEST_POLL)
        return httpx.Timeout(seconds * 0.75, connect=seconds * 0.25)


def _jitter() -> float:
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - nobody gains from guessing a pause


def wait(poll: Callable[[httpx.Timeout], T], poller: JobPoller[T]) -> T:
    """Poll a job until it has ended.

    Args:
        poll: Fetches the job, within the given limits.
        poller: What a poll means.

    Returns:
        The job.

    Raises:
        JobFailed: The job has failed.
        JobTimeout: The job did not end in time.
        ServiceError: A poll failed permanently.
    """
    with poller:
        job = poller.known
        while True:
            try:
                job = poll(poller.limits()) if job is None else job
                changed = poller.changed(job)
            except ServiceError as error:
                poller.missed(error)
            else:
                if changed:
                    poller.update(job)
                if poller.ended():
                    return job
            job = None
            time.sleep(poller.pause())


async def wait_async(poll: Callable[[httpx.Timeout], Awaitable[T]], poller: JobPoller[T]) -> T:
    """Poll a job until it has ended; see `wait`. Here `on_update` may be asynchronous."""
    with poller:
        job = poller.known
        while True:
            try:
                job = await poll(poller.limits()) if job is None else job
                changed = poller.changed(job)
            except ServiceError as error:
                poller.missed(error)
            else:
                if changed:
                    await poller.update_async(job)
                if poller.ended():
                    return job
            job = None
            await asyncio.sleep(poller.pause())
