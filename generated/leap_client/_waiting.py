# Generated from openapi.yaml by `make generate`. Do not edit.
"""Waiting for a job to end, by polling it."""

from __future__ import annotations

import asyncio
import inspect
import math
import random
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Generic, Self, TypeVar, cast

import httpx

from ._retries import TOO_MANY_REQUESTS
from .errors import ApiError, DecodeError, JobFailed, JobTimeout, LeapError, retry_after

T = TypeVar("T")

# Polls cost requests, and pauses cost time; tests/test_wait.py has the figures for jobs of some seconds. A job that has
# just been submitted does not end at once, so the first pause is longer.
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
    timeout: float | None,
    interval: float | None,
    on_update: Callable[[Any], object] | None = None,
    *,
    awaited: bool = False,
) -> None:
    """Refuse invalid arguments before anything is sent that may have to be paid for.

    Args:
        timeout: Seconds after which the last poll is made; None for no limit.
        interval: Seconds between two polls.
        on_update: Is called with a job that has changed.
        awaited: Whether what it returns is awaited.

    Raises:
        TypeError: One of them is of the wrong type.
        ValueError: One of them is out of range.
    """
    for name, value in (("timeout", timeout), ("interval", interval)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise TypeError(f"{name} must be a number of seconds or None, got {value!r}")
    if timeout is not None and not timeout >= 0:
        raise ValueError(f"timeout must be at least 0 seconds, got {timeout}")
    if interval is not None and not 0 < interval < math.inf:
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
def holding(job: object, name: Callable[[], str]) -> Iterator[None]:
    """Put a job on whatever is raised, unless it has one.

    Args:
        job: The job; None if there is none yet.
        name: Tells what the job is called in errors.
    """
    try:
        yield
    except BaseException as error:
        put_on(error, job, name)
        raise


def put_on(error: BaseException, job: object, name: Callable[[], str]) -> None:
    """Put a job on an error; see `holding`."""
    if job is None or getattr(error, "job", None) is not None:
        return
    with suppress(AttributeError):  # some exceptions cannot be changed
        error.job = job  # type: ignore[attr-defined]  # most exceptions have none until now
    if not isinstance(error, LeapError):
        what = "the job"
        with suppress(DecodeError):
            what = name()
        error.add_note(f"{what}, as last seen, is in the attribute `job` of this exception")


class JobPoller(Generic[T]):
    """Decides what each poll of a job means, and when to poll next.

    As a context manager, it puts the job on whatever is raised in its block, so that the job is not lost.

    Args:
        poll: Fetches the job, within the given limits.
        what: What the job is called in errors.
        again: What to call to go on waiting.
        state_of: Tells the state of a job.
        success: The states in which a job has finished.
        failure: The states in which a job has failed. In any other state it goes on, in an unknown one too.
        timeout: Seconds after which the last poll is made; None for no limit.
        interval: Seconds between two polls, give or take the jitter; None for intervals that grow.
        job: The job as last seen; None if it never was.
        submitted: Whether it was just submitted, and is not to be polled at once.

    Attributes:
        job: The job as last seen.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a rule for each, and a caller's choices
        self,
        poll: Callable[[httpx.Timeout], Any],
        what: str,
        again: str,
        state_of: Callable[[T], str],
        success: Collection[str],
        failure: Collection[str],
        *,
        timeout: float | None,
        interval: float | None,
        job: T | None,
        submitted: bool,
    ) -> None:
        self.poll = poll
        self._what = what
        self._again = again
        self._state_of = state_of
        self._success = success
        self._failure = failure
        self._timeout = math.inf if timeout is None else timeout
        self._interval = interval
        self._next_interval = FIRST_INTERVAL if submitted else 0.0
        self._polled = submitted
        self._start = time.monotonic()
        self._state: str | None = None
        self._error: LeapError | None = None
        self._faults = self._refusals = 0
        self.job = self._given = job
        if job is not None and submitted:
            with suppress(DecodeError):
                self._state = state_of(job)

    def __enter__(self) -> Self:
        self._start = time.monotonic()
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None:
            put_on(error, self.job, lambda: self._what)

    def changed(self, job: T) -> bool:
        """Record the result of a poll, and return whether the job has changed.

        Args:
            job: The job.

        Raises:
            DecodeError: Its state cannot be read.
        """
        before = self.job
        self.job = job if before is None else before  # one that cannot be read takes the place of none that can
        state = self._state_of(job)
        self.job, state_before, self._state = job, self._state, state
        self._error, self._faults, self._refusals = None, 0, 0
        if before is self._given:
            # The answers to a submission and to a poll may say the same in different words.
            return self._state != state_before
        return job != before

    def ended(self) -> bool:
        """Return whether the job has finished.

        Raises:
            JobFailed: The job has failed.
        """
        if self._state in self._failure:
            raise JobFailed(f"{self._what} {self._state!s}", self.job)
        return self._state in self._success

    def missed(self, error: LeapError) -> None:
        """Record a failed poll.

        Args:
            error: Why.

        Raises:
            LeapError: It failed permanently.
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
        if not self._polled:
            self._polled = True
            return 0.0
        if left <= 0:
            raise self._timed_out() from self._error
        pause = max(min(INTERVAL + GROWTH * elapsed, LONGEST_INTERVAL), self._next_interval)
        self._next_interval = 0.0
        pause = pause if self._interval is None else self._interval
        if isinstance(self._error, ApiError):
            # From the 64th refusal on it would be the same anyway, and a float has no room for 2 to the 1024th.
            backoff = min(pause * 2.0 ** min(self._refusals, 64), max(LONGEST_BACKOFF, pause))
            # Nobody comes back before the server asks for it, and not all at the same moment.
            asked = retry_after(self._error.headers)
            return min(backoff * _jitter() if asked is None else max(asked * (_jitter() + JITTER), pause), left)
        return min(pause * _jitter(), left)

    def _timed_out(self) -> JobTimeout:
        why = f"; the last poll of it failed: {self._error}" if self._error else ""
        if self._state is None:
            return JobTimeout(f"{self._what} was not seen within {self._timeout:g} s{why}", self.job)
        said = f"is still {self._state!s} after {self._timeout:g} s; call {self._again} again to keep waiting"
        return JobTimeout(f"{self._what} {said}{why}", self.job)

    def limits(self) -> httpx.Timeout:
        """Return how long the next poll may take, so that a silent server does not outlast the wait."""
        left = self._timeout - (time.monotonic() - self._start)
        seconds = min(max(left, LAST_POLL), LONGEST_POLL)
        return httpx.Timeout(seconds * 0.75, connect=seconds * 0.25)


def _jitter() -> float:
    return random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - nobody gains from guessing a pause


def watch(poller: JobPoller[T]) -> Iterator[T]:
    """Poll a job until it has ended.

    Args:
        poller: How to poll it, and what a poll means.

    Yields:
        The job, whenever it has changed.

    Raises:
        JobFailed: The job has failed.
        JobTimeout: The job did not end in time.
        LeapError: A poll failed permanently.
    """
    with poller:
        while not poller.ended():
            if pause := poller.pause():
                time.sleep(pause)
            try:
                job = poller.poll(poller.limits())
                changed = poller.changed(job)
            except LeapError as error:
                poller.missed(error)
            else:
                if changed:
                    yield job


async def watch_async(poller: JobPoller[T]) -> AsyncIterator[T]:
    """Poll a job until it has ended; see `watch`."""
    with poller:
        while not poller.ended():
            if pause := poller.pause():
                await asyncio.sleep(pause)
            try:
                job = await poller.poll(poller.limits())
                changed = poller.changed(job)
            except LeapError as error:
                poller.missed(error)
            else:
                if changed:
                    yield job


def update(on_update: Callable[[T], object] | None, job: T) -> None:
    """Call `on_update` with a job that has changed.

    Args:
        on_update: What the caller has called.
        job: The job.

    Raises:
        TypeError: It is asynchronous.
    """
    result = None if on_update is None else on_update(job)
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise TypeError("on_update is asynchronous, and a synchronous client awaits nothing")


async def update_async(on_update: Callable[[T], object] | None, job: T) -> None:
    """Call `on_update`, which may be asynchronous, with a job that has changed."""
    result = None if on_update is None else on_update(job)
    if inspect.isawaitable(result):
        await result


def wait(poller: JobPoller[T], on_update: Callable[[T], object] | None) -> T:
    """Poll a job until it has ended, and return it; see `watch`."""
    with poller:
        for job in watch(poller):
            update(on_update, job)
    return cast("T", poller.job)


async def wait_async(poller: JobPoller[T], on_update: Callable[[T], object] | None) -> T:
    """Poll a job until it has ended, and return it; see `watch`."""
    with poller:
        async for job in watch_async(poller):
            await update_async(on_update, job)
    return cast("T", poller.job)
