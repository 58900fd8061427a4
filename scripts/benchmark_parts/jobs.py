"""Do something for so many jobs, and tell what it took.

    python -m benchmark_parts.jobs iter_all 1000 http://127.0.0.1:8000 [--memory]

prints seconds, or with `--memory` the most bytes that Python objects held at once, as tracemalloc counts them. Both are
taken after a warm-up with the same client, so that what it costs once does not count.
"""

import asyncio
import gc
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmark_parts import bodies
from benchmark_parts.peers import JOB, MODEL, TOKEN
from leap_client import AsyncLeap, Leap
from leap_client.models import InferenceEntity

WARM_UP = 100
PAGE_SIZE = 20
IN_FLIGHT = 50


def main() -> None:
    """Run the command line."""
    name, size, url, *memory = sys.argv[1:]
    with WORK[name](url) as work:
        expect(work(WARM_UP), WARM_UP)
        gc.collect()
        if memory:
            tracemalloc.start()
        started = perf_counter()
        expect(work(int(size)), int(size))
        print(tracemalloc.get_traced_memory()[1] if memory else perf_counter() - started)


@contextmanager
def list_all(url: str) -> Iterator[Callable[[int], int]]:
    """Get all jobs on one page."""
    with Leap(TOKEN, base_url=url) as leap:
        yield lambda count: len(leap.images.list_all(f"observed-{count}"))


@contextmanager
def iter_all(url: str) -> Iterator[Callable[[int], int]]:
    """Walk through all jobs, and keep none."""
    with Leap(TOKEN, base_url=url) as leap:
        yield lambda count: sum(1 for _ in leap.images.iter_all(f"observed-{count}", page_size=PAGE_SIZE))


@contextmanager
def generate(url: str) -> Iterator[Callable[[int], int]]:
    """Submit all jobs, some at a time, and keep what comes back."""
    with asyncio.Runner() as runner:
        leap = AsyncLeap(TOKEN, base_url=url)
        yield lambda count: len(runner.run(submit(leap, count)))
        runner.run(leap.aclose())


async def submit(leap: AsyncLeap, count: int) -> list[InferenceEntity]:
    """Submit jobs."""
    left = iter(range(count))
    jobs: list[InferenceEntity] = []

    async def fly() -> None:
        for number in left:
            jobs.append(await leap.images.generate(MODEL, prompt="A benchmark", seed=number))  # noqa: PERF401

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(fly())
    return jobs


@contextmanager
def download(url: str) -> Iterator[Callable[[int], int]]:
    """Save an image, of as many kB as there are jobs elsewhere."""
    with Leap(TOKEN, base_url=url) as leap, TemporaryDirectory() as folder:

        def work(kilobytes: int) -> int:
            job = InferenceEntity.from_dict(bodies.job(JOB, bodies.FIND_ONE))
            job.images[0].uri = f"{url}/images/{kilobytes}/0.png"
            [path] = leap.images.download(job, Path(folder))
            return path.stat().st_size // 1000

        yield work


def expect(done: int, wanted: int) -> None:
    """End if not all was done."""
    if done != wanted:
        sys.exit(f"did {done} of {wanted}")


WORK: dict[str, Callable[[str], AbstractContextManager[Callable[[int], int]]]] = {
    "list_all": list_all,
    "iter_all": iter_all,
    "generate": generate,
    "download": download,
}


if __name__ == "__main__":
    main()
