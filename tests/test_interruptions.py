"""Whoever interrupts a submission or a wait can still find the job, which is paid for."""

import asyncio
import queue
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import anyio
import pytest

from clients import Clock
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.models import InferenceEntity
from rig import Fault, Sandbox

MODEL = PublicModel.STABLE_DIFFUSION_1_5
PROMPT = "A photo of an astronaut riding a horse"
SECONDS = 60


@pytest.fixture
def endless(sandbox: Sandbox) -> Sandbox:
    """A sandbox whose jobs do not end while a test runs."""
    sandbox.reset(seconds=1000)
    return sandbox


@asynccontextmanager
async def wait_for(_seconds: float) -> AsyncIterator[None]:
    """Stand for `asyncio.wait_for`, which is no context manager."""
    yield


async def submit_and_wait(sandbox: Sandbox, scope: Callable[[float], Any], tell: Callable[[str], object]) -> None:
    """Generate within a time that is over once the job has been told, however long its submission takes."""
    loop = asyncio.get_running_loop()
    now = loop.time

    def on_update(job: InferenceEntity) -> None:
        tell(job.id)
        loop.time = lambda: now() + SECONDS  # type: ignore[method-assign] # of a loop that nobody uses afterwards

    async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
        call = leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=on_update)
        if scope is wait_for:
            await asyncio.wait_for(call, SECONDS)
        elif isinstance(context := scope(SECONDS), AbstractAsyncContextManager):
            async with context:
                await call
        else:
            with context:
                await call


@pytest.mark.parametrize(
    ("scope", "place"),
    [(wait_for, "__cause__"), (asyncio.timeout, "__cause__"), (anyio.fail_after, "__context__")],
    ids=["asyncio.wait_for", "asyncio.timeout", "anyio.fail_after"],
)
def test_a_timeout_around_a_wait(endless: Sandbox, scope: Callable[[float], Any], place: str) -> None:
    """The job is on the cancellation that led to the timeout, and `on_update` has it anyway."""
    told: list[str] = []
    with pytest.raises(TimeoutError) as caught:
        asyncio.run(submit_and_wait(endless, scope, told.append))
    assert isinstance(cancelled := getattr(caught.value, place), asyncio.CancelledError)
    assert vars(cancelled)["job"].id == endless.submitted[0].id == told[0]


def test_a_scope_that_raises_nothing(endless: Sandbox) -> None:
    """`anyio.move_on_after` leaves no exception, so `on_update` is the way: it was told before the first pause."""
    told: list[str] = []
    asyncio.run(submit_and_wait(endless, anyio.move_on_after, told.append))
    assert told[0] == endless.submitted[0].id


def test_interrupt_under_asyncio_run(endless: Sandbox) -> None:
    """Ctrl-C is a KeyboardInterrupt whose context has the job."""
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    jobs: list[str] = []
    main = threading.get_ident()

    def interrupt() -> None:
        jobs.append(told.get())
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(submit_and_wait(endless, lambda _: anyio.CancelScope(), told.put))
    thread.join()
    assert vars(caught.value.__context__ or object)["job"].id == jobs[0]


def test_interrupt_during_a_submission(leap: Leap, sandbox: Sandbox) -> None:
    """Ctrl-C while the request is under way leaves a note: a job may exist, and where to look for it."""
    sandbox.faults.add(Fault.silent())
    main = threading.get_ident()

    def interrupt() -> None:
        assert sandbox.until(lambda: len(sandbox.requests) == 1)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises((KeyboardInterrupt, asyncio.CancelledError)) as caught:
        leap.images.generate_and_wait(MODEL, prompt=PROMPT)
    thread.join()
    errors = [caught.value, caught.value.__context__]
    notes = [note for error in errors for note in getattr(error, "__notes__", [])]
    assert any("may exist" in note and "iter_all" in note for note in notes)


def test_cancellation_of_a_submission(sandbox: Sandbox) -> None:
    """A cancellation while the request is under way leaves a note, without the facade's help too."""
    sandbox.faults.add(Fault.silent())

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            task = asyncio.create_task(leap.images.generate(MODEL, prompt=PROMPT))
            await asyncio.to_thread(sandbox.until, lambda: len(sandbox.requests) == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert any("POST" in note and "may have taken effect" in note for note in caught.value.__notes__)

    asyncio.run(main())


class Asynchronous:
    """An object that is called asynchronously."""

    async def __call__(self, _job: InferenceEntity) -> None:
        """Do nothing."""


async def asynchronous(*_job: object) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    "on_update", [asynchronous, partial(asynchronous, 1), Asynchronous()], ids=["function", "partial", "object"]
)
def test_asynchronous_on_update_of_a_synchronous_client(sandbox: Sandbox, on_update: Any) -> None:
    """It would never run, so it is refused before anything is sent."""
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        with pytest.raises(TypeError, match="on_update is asynchronous"):
            leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=on_update)
        with pytest.raises(TypeError, match="on_update is asynchronous"):
            leap.images.wait(MODEL, "a047df00", on_update=on_update)
    assert sandbox.requests == []


def test_type_of_on_update(sandbox: Sandbox) -> None:
    """Type checkers refuse an asynchronous function where it would never run, and take it where it is awaited."""
    sandbox.reset(seconds=0)
    with Leap(sandbox.token, base_url=sandbox.url) as leap, pytest.raises(TypeError):
        leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=asynchronous)  # type: ignore[arg-type] # refused

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            await leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=asynchronous, interval=0.01)

    asyncio.run(main())


def test_on_update_that_turns_out_to_be_asynchronous(sandbox: Sandbox, clock: Clock) -> None:
    """What cannot be told before is refused at the first update, with the job, and leaves no coroutine behind."""
    sandbox.reset(seconds=10, clock=clock)
    hidden: Any = lambda job: asynchronous(job)  # noqa: E731, PLW0108 - as a user would write it
    with Leap(sandbox.token, base_url=sandbox.url) as leap, pytest.raises(TypeError, match="asynchronous") as caught:
        leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=hidden)
    assert vars(caught.value)["job"].id == sandbox.submitted[0].id
