"""Run one adapter whenever it is told to; it has the peer's environment to itself.

    python -m benchmark_parts.worker sync httpx http://127.0.0.1:8000

warms up, prints how many calls a sample has, then takes one sample for each line of its input, and prints the seconds
that a call took. It ends with its input.
"""

import asyncio
import faulthandler
import gc
import sys
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import Any

from benchmark_parts import bodies
from benchmark_parts.peers import ASYNC, JOB, PAGE, READ_ONLY_DOCUMENTED, SYNC

SAMPLE_SECONDS = 0.1
MOST_CALLS = 2000
BATCH, IN_FLIGHT = 500, 100
JOBS_ON_PAGE = 1000
# A peer that waits for an answer for ever ends with the stacks of all threads instead.
PATIENCE = 120


def main() -> None:
    """Run the measure of a peer."""
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    measure, peer, url = sys.argv[1:]
    {"sync": run_sync, "async": run_async, "page": run_page}[measure](peer, url)


def run_sync(peer: str, url: str) -> None:
    """Ask for a job, one call after the other."""
    with SYNC[peer](url) as ask:
        expect(ask() == JOB, "got another job")
        run_calls(ask)


def run_page(peer: str, _url: str) -> None:
    """Read a page."""
    state_in = bodies.DOCUMENTED if peer in READ_ONLY_DOCUMENTED else bodies.LIST
    with PAGE[peer](bodies.page(range(JOBS_ON_PAGE), state_in)) as read:
        jobs = read()
        expect(len(jobs) == JOBS_ON_PAGE, "lost jobs")
        expect(all(map(keeps_unknown_fields, jobs)), "lost a field that no schema names")
        run_calls(read)


def run_async(peer: str, url: str) -> None:
    """Ask for many jobs at once."""

    async def run() -> None:
        async with ASYNC[peer](url) as ask:
            expect(await ask() == JOB, "got another job")
            for _ in requests(BATCH):
                await fly(ask, IN_FLIGHT)  # connections that were idle for some seconds have ended
                answer(await sample_batch(ask))

    asyncio.run(run())


def run_calls(call: Callable[[], Any]) -> None:
    """Take samples of a function."""
    count = calls_per_sample(call)
    for _ in requests(count):
        answer(sample(call, count))


def calls_per_sample(call: Callable[[], Any]) -> int:
    """Warm up, and find how many calls fill a sample."""
    started, count = perf_counter(), 0
    while count < MOST_CALLS and perf_counter() - started < SAMPLE_SECONDS:
        call()
        count += 1
    return count


def sample(call: Callable[[], Any], count: int) -> float:
    """Time a function; give the seconds of one call."""
    call()  # a connection that was idle for some seconds has ended
    gc.collect()
    started = perf_counter()
    for _ in range(count):
        call()
    return (perf_counter() - started) / count


async def sample_batch(ask: Callable[[], Awaitable[Any]]) -> float:
    """Time many calls at once; give the seconds of all."""
    gc.collect()
    started = perf_counter()
    await fly(ask, BATCH)
    return perf_counter() - started


async def fly(ask: Callable[[], Awaitable[Any]], count: int) -> None:
    """Make calls, some of them in flight at any time."""
    left = iter(range(count))

    async def call() -> None:
        for _ in left:
            await ask()

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(call())


def keeps_unknown_fields(job: Any) -> bool:
    """Tell whether a job still has what no schema names."""
    return bodies.UNKNOWN_FIELD in getattr(job, "model_extra", job)  # pydantic keeps it elsewhere


def expect(holds: object, otherwise: str) -> None:
    """End if a peer has not done its work."""
    if not holds:
        sys.exit(otherwise)


def requests(count: int) -> Iterable[str]:
    """Say that all is ready, and give a line for each sample that is asked for."""
    print(count, flush=True)
    faulthandler.cancel_dump_traceback_later()
    for line in sys.stdin:
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        yield line
        faulthandler.cancel_dump_traceback_later()


def answer(seconds: float) -> None:
    """Hand over a sample."""
    print(seconds, flush=True)


if __name__ == "__main__":
    main()
