"""How late the client learns that a job has ended, and how many requests it makes until then."""

import time
from unittest import mock

import httpx

from benchmark.peers import MODEL, TOKEN
from benchmark.server import JOB
from leap_client import Leap


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
