"""What is measured of our client alone: how its costs grow, and how it waits."""

import time
import tracemalloc
from collections.abc import Callable
from tempfile import TemporaryDirectory
from unittest import mock

import httpx

from benchmark.peers import MODEL, TOKEN
from benchmark.server import JOB
from leap_client import Leap
from leap_client.models import InferenceEntity


def download(leap: Leap, url: str, count: int) -> int:
    """Save an image of so many kB."""
    job = InferenceEntity.from_dict({**JOB, "images": [{**JOB["images"][0], "uri": f"{url}/{count}-kB.png"}]})
    with TemporaryDirectory() as folder:
        return leap.images.download(job, folder)[0].stat().st_size // 1000


WORK: dict[str, Callable[[Leap, str, int], int]] = {
    "list_all": lambda leap, _, count: len(leap.images.list_all(f"{count}-jobs")),
    "iter_all": lambda leap, _, count: sum(1 for _ in leap.images.iter_all(f"{count}-jobs", page_size=20)),
    "generate": lambda leap, _, count: len([leap.images.generate(MODEL, prompt="A benchmark") for _ in range(count)]),
    "download": download,
}


def grow(name: str, size: int, url: str) -> tuple[float, int]:
    """Do the work; give the seconds, and the most bytes that Python's objects held when it was done again."""
    with Leap(TOKEN, base_url=url) as leap:
        WORK[name](leap, url, 100)  # to warm up
        started = time.perf_counter()
        done = WORK[name](leap, url, size)
        seconds = time.perf_counter() - started
        tracemalloc.start()
        assert done == size == WORK[name](leap, url, size)  # noqa: S101 - else the figures mean nothing
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return seconds, memory


def wait(seconds: float) -> tuple[float, int]:
    """Wait for a job that takes so long, by a fake clock; give the delay, and the number of requests."""
    naps: list[float] = []
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={**JOB, "state": "finished" if sum(naps) >= seconds else "processing"})

    clock = mock.patch.multiple(time, monotonic=lambda: sum(naps), sleep=naps.append)
    with clock, Leap(TOKEN, http_client=httpx.Client(transport=httpx.MockTransport(answer))) as leap:
        leap.images.generate_and_wait(MODEL, prompt="A benchmark")
    return sum(naps) - seconds, len(requests)
