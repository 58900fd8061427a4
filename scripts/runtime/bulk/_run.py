"""Carrying out a run: with threads for a synchronous client, with tasks for an asynchronous one."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import httpx

from .. import _download
from . import _files, _report
from ._actions import FAILURES, INTERRUPTED, REFUSED, Action, Answer, Limits, Result, Save, Saved, Submit, Walk
from ._engine import Engine
from ._errors import ClaimLost
from ._journal import FAILED, Journal, learn
from ._locks import Claim, Lock
from ._plan_facts import Facts
from ._poller import Look, Page
from ._rows import Row
from ._seeds import secret

if TYPE_CHECKING:
    from ._plan import Plan

JOURNAL = "journal.jsonl"
MOST_PARALLEL = 64
# How long a driver waits at most before it looks around again.
LONGEST_WAIT = 0.5


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a run is carried out.

    Args:
        in_flight: How many jobs may be unfinished at a time.
        per_minute: How many requests may be sent in any minute, downloads included; None for any number.
        max_images: How many files may be paid for in this directory, over all runs; None for any number. With it or a
            budget, a row that does not say how many files it wants asks for one.
        budget: The same as an amount of money; the plan must know the price.
        retry_failed: Whether rows that failed in an earlier run are tried again.
        unknown: What to do with a row whose answer was lost, and whose job the list certainly does not show: `hold` it,
            or `resubmit` it.
        settle: Seconds that a job may take to appear on the list after its request.
        job_timeout: Seconds after which a job is not waited for any more; the next run goes on with it.
    """

    in_flight: int = 50
    per_minute: int | None = None
    max_images: int | None = None
    budget: float | str | Decimal | None = None
    retry_failed: bool = False
    unknown: Literal["hold", "resubmit"] = "hold"
    settle: float = 30.0
    job_timeout: float = 3600.0

    def __post_init__(self) -> None:
        for name, least in (("in_flight", 1), ("per_minute", 1), ("max_images", 0)):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
                raise ValueError(f"{name} must be a whole number from {least} up, got {value!r}")
        if self.unknown not in {"hold", "resubmit"}:
            raise ValueError(f"unknown must be hold or resubmit, got {self.unknown!r}")

    def limits(self, price: Decimal | None) -> Limits:
        """Give what the engine has to know."""
        most = self.max_images
        if self.budget is not None:
            if not price:
                raise ValueError("a budget needs the price of a file: plan(..., price=...)")
            affordable = int(Decimal(str(self.budget)) / price)
            most = affordable if most is None else min(most, affordable)
        return Limits(
            in_flight=self.in_flight,
            per_minute=self.per_minute,
            max_files=most,
            resubmit=self.unknown == "resubmit",
            settle=self.settle,
            job_timeout=self.job_timeout,
            parallel=min(self.in_flight + 8, MOST_PARALLEL),
        )


@dataclass(frozen=True)
class Part:
    """A partition of a run.

    Args:
        index: Which one, from 0.
        of: Of how many.
        folder: Where its journal is.
        lease: Seconds for which a silent runner keeps the others out.
        secret: What the draw depends on, shared by all partitions.
    """

    index: int
    of: int
    folder: Path
    lease: float
    secret: int


class Session:
    """What a run holds while it is going on: the right to write, the journal and the engine."""

    def __init__(self, plan: Plan, directory: Path, options: Options, part: Part | None) -> None:
        limits = options.limits(plan.price)
        self.directory = directory
        self.folder = part.folder if part else directory
        self._plan, self._part = plan, part
        self._began = time.monotonic()
        self.lock: Lock | Claim = Claim(part.folder, part.lease) if part else Lock(directory)
        name = f"{part.index}/{part.of}" if part else ""
        drawn = part.secret if part else secret()
        facts = Facts(plan.digest, plan.rules.document, plan.requests, plan.scope, name, drawn, plan.files_of)
        try:
            self.journal = Journal(self.folder / JOURNAL, facts, self.lock.epoch)
            self._learn()
            if options.retry_failed:
                self._retry_failed()
            self.engine = Engine(plan, self._rows(), self.journal, limits)
        except BaseException:
            self.lock.__exit__(None, None, None)
            raise

    def _learn(self) -> None:
        """Ask the other partitions where this one may have to recover, and has had no answer to go by."""
        state = self.journal.state
        if self._part is not None and state.open and state.echoes is None:
            others = self.folder.parent.glob(f"*/{JOURNAL}")
            learn(state, (path for path in others if path.parent != self.folder))

    def _retry_failed(self) -> None:
        for index, state in enumerate(self.journal.state.rows):
            if state == FAILED:
                self.journal.append("again", row=index)
        self.journal.sync()

    def _rows(self) -> Iterator[Row]:
        part = self._part
        return (row for row in self._plan.rows() if part is None or self._plan.part_of(row, part.of) == part.index)

    def beat(self) -> None:
        """Show that we are alive; if we are too late, begin nothing more."""
        try:
            self.lock.beat()
        except ClaimLost as error:
            self.engine.brake.abandon(INTERRUPTED, error)

    def sync(self) -> None:
        """Put the journal on the disk, unless it belongs to another runner by now."""
        if isinstance(self.engine.brake.error, ClaimLost):
            self.journal.drop()
            return
        self.journal.sync()

    def close(self) -> dict[str, Any]:
        """Write the summary and the contact sheet, and let go of everything."""
        try:
            lost = isinstance(self.engine.brake.error, ClaimLost)
            return {} if lost else self._summarize()
        finally:
            self.journal.close()
            self.lock.__exit__(None, None, None)

    def _summarize(self) -> dict[str, Any]:
        requests = self._plan.requests
        if self._part is not None:
            requests = sum(1 for _ in self._rows())
        summary = {
            **self.engine.progress,
            "requests": requests,
            "cost": None if self._plan.price is None else str(self._plan.price * self.journal.state.files),
            "stopped": self.engine.brake.stopped,
            "error": str(self.engine.brake.error or ""),
            "seconds": round(time.monotonic() - self._began, 3),
        }
        title = self._plan.name
        return _report.write(self.folder, [self.folder / JOURNAL], summary, title, self._plan.recognised)

    def failure(self) -> BaseException | None:
        """Give the error that ended the run, if it did not end by itself or by wish."""
        brake = self.engine.brake
        wished = brake.stopped in {"", "cap"} or (brake.stopped == INTERRUPTED and brake.error is None)
        return None if wished else brake.error


class _Base:
    """What the two kinds of run share."""

    def __init__(self, plan: Plan, client: Any, directory: Path, options: Options, part: Part | None = None) -> None:
        self._plan = plan
        self._arguments = (plan, directory, options, part)
        self._rules = plan.rules
        options.limits(plan.price)
        # Trying again is up to the run: it knows of the pauses and the rate of all requests.
        self._client = client
        self._resource = getattr(client.with_options(max_retries=0), plan.rules.resource)
        self._session: Session | None = None
        self._stopped = False
        self.summary: dict[str, Any] = {}

    def _open(self) -> Session:
        self._session = Session(*self._arguments)
        if self._stopped:
            self._session.engine.stop()
        return self._session

    def stop(self) -> None:
        """Submit nothing more, and end when what is in flight has ended; may be called from a signal handler."""
        self._stopped = True
        if self._session is not None:
            self._session.engine.stop()

    @property
    def progress(self) -> dict[str, int]:
        """How many rows became what, and how many files may have been paid for; empty before the start."""
        return self._session.engine.progress if self._session else {}

    def _call(
        self, session: Session, action: Submit | Page | Walk | Look
    ) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Give the method, and its arguments, that carries out an action."""
        rules, scope = self._rules, self._plan.scope
        if isinstance(action, Submit):
            return f"{rules.submit}_detailed", (scope,), self._plan.arguments(action.intent.request)
        if isinstance(action, (Page, Walk)):
            size = session.engine.page_size
            sized = {} if size is None else {rules.size: size}
            return f"{rules.list}_detailed", (scope,), {rules.page: action.number, **sized}
        return f"{rules.find}_detailed", (scope, action.id), {}

    def _downloads(self, session: Session, action: Save) -> list[_download.Download]:
        """Prepare to save the files of a job."""
        files, uri = getattr(action.job, self._rules.files), self._rules.uri
        return _files.downloads(session.directory, action.intent, files, uri, self._client.max_retries)

    @staticmethod
    def _answer(response: Any) -> Answer:
        return Answer(response.parsed, response.headers, time.time())


class Run(_Base):
    """A run with a synchronous client: an iterator of results."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._results = self._drive()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        return next(self._results)

    def close(self) -> None:
        """End at once: what is being sent is answered and written down, nothing else is begun."""
        self._results.close()

    def _drive(self) -> Generator[Result]:
        session = self._open()
        engine = session.engine
        outcomes: queue.SimpleQueue[tuple[Action, Any]] = queue.SimpleQueue()
        outstanding = 0
        pool = ThreadPoolExecutor(self._arguments[2].limits(self._plan.price).parallel, "bulk")
        plain = ExitStack()
        try:
            transport = plain.enter_context(self._client.plain_transport())
            while not engine.finished:
                session.beat()
                actions = engine.actions()
                session.sync()
                for action in actions:
                    pool.submit(self._deliver, outcomes, session, transport, action)
                    outstanding += 1
                yield from engine.results()
                outstanding -= self._take(engine, outcomes, _wait(engine.delay()))
            engine.conclude()
            session.sync()
            yield from engine.results()
        finally:
            self._drain(session, outcomes, outstanding)
            pool.shutdown(wait=False, cancel_futures=True)
            plain.close()
            self.summary = session.close()
        if (error := session.failure()) is not None:
            raise error

    @staticmethod
    def _take(engine: Engine, outcomes: queue.SimpleQueue[tuple[Action, Any]], wait: float) -> int:
        """Hand in all outcomes that there are, after waiting for the first one; tell how many."""
        taken = 0
        with suppress(queue.Empty):
            engine.take(*outcomes.get(timeout=wait))
            taken += 1
            while True:
                engine.take(*outcomes.get_nowait())
                taken += 1
        return taken

    @staticmethod
    def _drain(session: Session, outcomes: queue.SimpleQueue[tuple[Action, Any]], outstanding: int) -> None:
        """Take in what is under way, so that no job that was made is forgotten."""
        if outstanding:
            session.engine.brake.abandon(INTERRUPTED)
        for _ in range(outstanding):
            session.engine.take(*outcomes.get())
        with suppress(OSError):
            session.sync()

    def _deliver(
        self,
        outcomes: queue.SimpleQueue[tuple[Action, Any]],
        session: Session,
        transport: httpx.BaseTransport,
        action: Action,
    ) -> None:
        outcomes.put((action, self._perform(session, transport, action)))

    def _save(self, session: Session, transport: httpx.BaseTransport, action: Save) -> list[Path]:
        paths = []
        with _download.FirstError(action.job) as first_error:
            for each in self._downloads(session, action):
                with first_error.of_one():
                    paths.append(_download.fetch(transport, each))
        return _files.describe(session.directory, action.intent, action.job, paths)

    def _perform(self, session: Session, transport: httpx.BaseTransport, action: Action) -> Any:
        try:
            if isinstance(action, Save):
                return Saved(self._save(session, transport, action))
            name, arguments, options = self._call(session, action)
            if isinstance(action, Submit):
                session.lock.check()
            return self._answer(getattr(self._resource, name)(*arguments, **options))
        except Exception as error:  # noqa: BLE001  # the engine judges it
            return error


class AsyncRun(_Base):
    """A run with an asynchronous client: an asynchronous iterator of results."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._results = self._drive()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Result:
        return await anext(self._results)

    async def aclose(self) -> None:
        """End at once: what is being sent is answered and written down, nothing else is begun."""
        await self._results.aclose()

    async def _drive(self) -> AsyncGenerator[Result]:
        session = await asyncio.to_thread(self._open)
        engine = session.engine
        tasks: dict[asyncio.Task[Any], Action] = {}
        plain = AsyncExitStack()
        try:
            transport = await plain.enter_async_context(self._client.plain_transport())
            while not engine.finished:
                session.beat()
                actions = engine.actions()
                await asyncio.to_thread(session.sync)
                for action in actions:
                    tasks[asyncio.create_task(self._perform(session, transport, action))] = action
                for result in engine.results():
                    yield result
                await self._take(engine, tasks, _wait(engine.delay()))
            engine.conclude()
            await asyncio.to_thread(session.sync)
            for result in engine.results():
                yield result
        finally:
            await self._drain(session, tasks)
            await plain.aclose()
            self.summary = await asyncio.to_thread(session.close)
        if (error := session.failure()) is not None:
            raise error

    @staticmethod
    async def _take(engine: Engine, tasks: dict[asyncio.Task[Any], Action], wait: float) -> None:
        """Hand in all outcomes that there are, after waiting for the first one."""
        if not tasks:
            await asyncio.sleep(wait)
            return
        done, _ = await asyncio.wait(tasks, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            engine.take(tasks.pop(task), task.result())

    async def _drain(self, session: Session, tasks: dict[asyncio.Task[Any], Action]) -> None:
        """Take in what is under way, so that no job that was made is forgotten."""
        if tasks:
            session.engine.brake.abandon(INTERRUPTED)
        while tasks:
            await self._take(session.engine, tasks, LONGEST_WAIT)
        with suppress(OSError):
            await asyncio.to_thread(session.sync)

    async def _save(self, session: Session, transport: httpx.AsyncBaseTransport, action: Save) -> list[Path]:
        paths = []
        with _download.FirstError(action.job) as first_error:
            for each in self._downloads(session, action):
                with first_error.of_one():
                    paths.append(await _download.fetch_async(transport, each))
        return await asyncio.to_thread(_files.describe, session.directory, action.intent, action.job, paths)

    async def _perform(self, session: Session, transport: httpx.AsyncBaseTransport, action: Action) -> Any:
        try:
            if isinstance(action, Save):
                return Saved(await self._save(session, transport, action))
            name, arguments, options = self._call(session, action)
            if isinstance(action, Submit):
                session.lock.check()
            return self._answer(await getattr(self._resource, name)(*arguments, **options))
        except Exception as error:  # noqa: BLE001  # the engine judges it
            return error


def _wait(delay: float | None) -> float:
    return LONGEST_WAIT if delay is None else min(delay, LONGEST_WAIT)


__all__ = ["FAILURES", "INTERRUPTED", "REFUSED", "AsyncRun", "Options", "Part", "Run"]
