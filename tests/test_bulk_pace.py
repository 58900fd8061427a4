"""The cost of watching many jobs, and the rate of requests, by a clock that does not wait."""

import math
import random
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leap_client.bulk._gate import WINDOW, Gate
from leap_client.bulk._poller import Look, Page, Poller

LATENCY = 0.05


@dataclass
class Service:
    """A list of jobs, oldest first, and a clock.

    Args:
        in_flight: How many jobs are unfinished at a time.
        older: How many jobs there were before.
        page_size: How many jobs are on a page.
        shown: Whether the list shows new jobs at all.
        base: The number of the first page.
    """

    in_flight: int
    older: int = 0
    page_size: int = 100
    shown: bool = True
    base: int = 1
    now: float = 0.0
    requests: int = 0
    ends: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)

    def run(self, jobs: int) -> None:
        """Submit so many jobs as fast as they may be in flight, and watch them until all have been seen to end."""
        dice = random.Random(1)  # noqa: S311 - dice, not secrets
        poller = Poller(0, None)
        order = [f"old {n}" for n in range(self.older)]
        waiting: deque[Page | Look] = deque()
        left = jobs
        while left or len(poller):
            while left and len(poller) < self.in_flight:
                job = f"new {left}"
                left -= 1
                order.append(job)
                self.ends[job] = self.now + dice.uniform(4, 20)
                poller.add(job, self.now)
            waiting.extend(poller.next(self.now))
            if waiting:
                self._answer(poller, order, waiting)
            else:
                self.now += 0.01

    def _answer(self, poller: Poller, order: list[str], waiting: deque[Page | Look]) -> None:
        target = waiting.popleft()
        self.requests += 1
        self.now += LATENCY / 10
        if isinstance(target, Look):
            poller.looked(target)
            shown = [target.id]
        else:
            start = (target.number - self.base) * self.page_size
            listed = order if self.shown else order[: self.older]
            shown = listed[start : start + self.page_size] if start >= 0 else []
            following = poller.page(target, shown, self.now)
            waiting.extend([following] if following else [])
        for job in shown:
            if self.ends.get(job, self.now) < self.now:
                self.delays.append(self.now - self.ends.pop(job))
                poller.remove(job)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("page_size", [20, 100])
def test_fifty_in_flight_take_three_requests_a_job(page_size: int, base: int) -> None:
    """At 50 jobs in flight, watching takes at most 3 requests a job, and a second of mean delay."""
    service = Service(in_flight=50, older=12_345, page_size=page_size, base=base)
    service.run(600)
    assert service.requests <= 3 * 600
    assert sum(service.delays) / 600 <= 1


def test_a_thousand_in_flight_take_twenty_requests_a_second() -> None:
    """At 1,000 jobs in flight, watching takes at most 20 requests a second, and two seconds of mean delay."""
    service = Service(in_flight=1000, older=50)
    service.run(6000)
    assert service.requests <= 20 * service.now
    assert sum(service.delays) / 6000 <= 2


def test_jobs_that_the_list_does_not_show_are_asked_for_one_by_one() -> None:
    """A list that shows no new job keeps no end from being seen."""
    service = Service(in_flight=20, older=50, shown=False)
    service.run(60)
    assert len(service.delays) == 60


REQUESTS = st.tuples(st.floats(0, 20), st.integers(1, 4), st.integers(0, 4), st.floats(0, 90))


@given(st.lists(REQUESTS, max_size=40), st.integers(4, 10))
def test_no_minute_has_more_requests_than_allowed(steps: list[tuple[float, int, int, float]], per_minute: int) -> None:
    """Whenever between its sending and its answer a request counts, and however many are under way, the rate holds."""
    gate, now = Gate(per_minute), 0.0
    under_way: list[tuple[float, int, int]] = []
    spans: list[tuple[float, float]] = []
    for pause, count, wanted, takes in steps:
        now += pause
        while True:
            for each in [each for each in sorted(under_way) if each[0] <= now]:
                under_way.remove(each)
                gate.end(*each)
            delay = gate.delay(now, count)
            if delay == 0:
                break
            moments = [end for end, _, _ in under_way]
            if delay is not None:
                moments.append(max(now + delay, math.nextafter(now, math.inf)))
            now = min(moments)
        gate.send(count)
        sent = min(count, wanted)
        under_way.append((now + takes, count, sent))
        spans += [(now, now + takes)] * sent
    for _, start in spans:
        in_window = [begin for begin, end in spans if end >= start and begin < start + WINDOW - 1e-6]
        assert len(in_window) <= per_minute
