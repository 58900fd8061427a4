"""What a bulk run costs, by a fake clock: its real decisions and its real journal, and a service that takes no time."""

import heapq
import random
import tracemalloc
from array import array
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from benchmark.peers import MODEL
from leap_client import bulk
from leap_client.bulk._actions import Answer, Save, Saved, Submit
from leap_client.bulk._engine import Engine
from leap_client.bulk._journal import Facts, Journal
from leap_client.bulk._poller import PAGE_SIZE, Look

LATENCY, STEP, SECONDS = 0.05, 0.05, (4.0, 20.0)
IMAGES, CREATED = [SimpleNamespace(uri="https://example.com/0.png")], datetime.now(UTC)


class Service:
    """Jobs of 4 to 20 s, and a list of them, oldest first; the number of a job is its id."""

    def __init__(self) -> None:
        self.now, self.requests, self.busy, self.late = 0.0, 0, 0.0, 0.0
        self._ends = array("d")
        self._dice = random.Random(0)  # noqa: S311 - dice, not secrets

    def answer(self, action: Any) -> Any:
        """Do what a request asks for; those that tell of jobs are counted."""
        if isinstance(action, Save):
            self.late += self.now - self._ends[int(action.id)]
            return Saved({"0": Path("0.png")}, None, 1)
        if isinstance(action, Submit):
            seconds = self._dice.uniform(*SECONDS)
            self.busy += seconds
            self._ends.append(self.now + seconds)
            return Answer(self._job(len(self._ends) - 1, action.intent.request), self.now)
        self.requests += 1
        if isinstance(action, Look):
            return Answer(self._job(int(action.id)), self.now)
        page = range(len(self._ends))[(action.number - 1) * PAGE_SIZE :][:PAGE_SIZE] if action.number else ()
        return Answer([self._job(number) for number in page], self.now)

    def _job(self, number: int, request: Any = None) -> Any:
        asked = request or {"prompt": "", "seed": 0}
        state = "finished" if self._ends[number] <= self.now else "processing"
        made = {"id": str(number), "current_state": state, "images": IMAGES, "created_at": CREATED}
        return SimpleNamespace(**made, prompt=asked["prompt"], seed=asked["seed"])


def simulate(rows: int, in_flight: int) -> str:
    """Run so many rows; give a row of a table."""
    plan, service, turn = bulk.plan(({"prompt": f"A horse, {n}"} for n in range(rows)), MODEL), Service(), count()
    facts = Facts(plan.digest, plan.rules.document, rows, plan.scope, "", 1, plan.files_of)
    waiting: list[tuple[float, int, Any, Any]] = []
    with TemporaryDirectory() as folder:
        tracemalloc.start()
        journal = Journal(Path(folder) / "journal.jsonl", facts)
        options = bulk.Options(in_flight=in_flight)
        engine = Engine(plan, plan.rows(), journal, options, clock=lambda: service.now)
        while not engine.finished:
            for action in engine.actions():
                heapq.heappush(waiting, (service.now + LATENCY, next(turn), action, service.answer(action)))
            journal.sync()
            service.now += STEP
            while waiting and waiting[0][0] <= service.now:
                engine.take(*heapq.heappop(waiting)[2:])
            for result in engine.results():
                assert result.state == "done", result  # noqa: S101 - else the figures mean nothing
        journal.close()
        memory, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    pace = service.busy / in_flight / service.now
    figures = (f"{service.requests / rows:.2f}", f"{service.requests / service.now:.1f}", f"{service.late / rows:.2f}")
    return f"| {rows:,} | {in_flight:,} | {' | '.join(figures)} | {pace:.3f} | {memory / rows:,.0f} |"


def print_bulk(*, quick: bool) -> None:
    """Print what runs of several sizes take to learn of the ends of their jobs."""
    print("\n## Bulk runs, jobs of 4 to 20 s, by a fake clock; the pace is that of jobs replaced the moment they end\n")
    print("To reach: 3 requests a job at 50 in flight; 20 a second, 2 s late at 1,000; 0.9 of the pace; flat memory\n")
    print("| rows | in flight | requests a job | a second | s late | of that pace | bytes a row |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for rows, in_flight in [(200, 50)] if quick else [(2_000, 50), (10_000, 1_000), (100_000, 1_000)]:
        print(simulate(rows, in_flight))
