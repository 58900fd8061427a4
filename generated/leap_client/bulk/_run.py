# Generated from openapi.yaml by `make generate`. Do not edit.
"""Carrying out a run: with threads for a synchronous client, with tasks for an asynchronous one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent import futures
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx

from .. import _download
from ._actions import INTERRUPTED, Action, Answer, Result, Save, Saved
from ._engine import Engine
from ._errors import BulkError
from ._files import Counted, Downloads
from ._options import Options
from ._session import Part, Session

if TYPE_CHECKING:
    from ._plan import Plan

# How long a driver waits at most before it looks around again.
LONGEST_WAIT = 0.5


class _Base:
    """What the two kinds of run share."""

    def __init__(self, plan: Plan, client: Any, directory: Path, options: Options, part: Part | None = None) -> None:
        options.cap(plan.price)
        self._arguments = (plan, directory, options, part)
        self._rules = plan.rules
        # Trying again is up to the run: it knows of the pauses and the rate of all requests.
        self._client = client
        self._resource = getattr(client.with_options(max_retries=0), plan.rules.resource)
        self._max_retries = client.max_retries if options.per_minute is None else 0
        self._session: Session | None = None
        self._stopped = False

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

    @property
    def summary(self) -> dict[str, Any]:
        """What `summary.json` says; empty before the end."""
        return self._session.summary if self._session else {}

    def _downloads(self, session: Session, action: Save) -> Downloads:
        return Downloads(session.directory, action, self._rules.files, self._rules.uri, self._max_retries)


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
        tasks: dict[futures.Future[Any], Action] = {}
        with ExitStack() as stack:
            stack.callback(session.close)
            transport = stack.enter_context(self._client._plain_transport())  # noqa: SLF001 - none for users
            pool = stack.enter_context(futures.ThreadPoolExecutor(self._arguments[2].parallel, "bulk"))
            stack.callback(self._drain, session, tasks)
            while not engine.finished:
                session.beat()
                actions = engine.actions()
                with _withdrawn(engine, actions):
                    session.sync()
                for action in actions:
                    tasks[pool.submit(self._perform, session, transport, action)] = action
                yield from engine.results()
                self._take(engine, tasks, _wait(engine.delay()))
            engine.conclude()
            session.sync()
            yield from engine.results()
        if (error := session.failure()) is not None:
            raise error

    @staticmethod
    def _take(engine: Engine, tasks: dict[futures.Future[Any], Action], wait: float) -> None:
        """Hand in all outcomes that there are, after waiting for the first one."""
        if not tasks:
            time.sleep(wait)
            return
        done, _ = futures.wait(tasks, wait, futures.FIRST_COMPLETED)
        for task in done:
            engine.take(tasks.pop(task), task.result())

    def _drain(self, session: Session, tasks: dict[futures.Future[Any], Action]) -> None:
        """Record what is under way, so that no job that was made is forgotten."""
        if tasks:
            session.engine.brake.abandon(INTERRUPTED)
        while tasks:
            self._take(session.engine, tasks, LONGEST_WAIT)

    def _perform(self, session: Session, transport: httpx.BaseTransport, action: Action) -> Any:
        try:
            if isinstance(action, Save):
                return self._save(self._downloads(session, action), transport)
            name, arguments, options = session.call(action)
            response = getattr(self._resource, name)(*arguments, **options)
            return Answer(response.parsed, session.engine.calendar())
        except Exception as error:  # noqa: BLE001  # the engine judges it
            return error

    @staticmethod
    def _save(downloads: Downloads, transport: httpx.BaseTransport) -> Saved:
        counted = Counted(transport, downloads)
        for source in downloads.sources:
            with downloads.of_one():
                downloads.saved(source, _download.fetch(counted, downloads.prepare(source)))
        return downloads.finish()


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
        session = await self._open_in_thread()
        engine = session.engine
        tasks: dict[asyncio.Task[Any], Action] = {}
        async with AsyncExitStack() as stack:
            stack.push_async_callback(asyncio.to_thread, session.close)
            transport = await stack.enter_async_context(self._client._plain_transport())  # noqa: SLF001 - none for users
            stack.push_async_callback(self._drain, session, tasks)
            while not engine.finished:
                session.beat()
                actions = engine.actions()
                with _withdrawn(engine, actions):
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
        if (error := session.failure()) is not None:
            raise error

    async def _open_in_thread(self) -> Session:
        opening = asyncio.ensure_future(asyncio.to_thread(self._open))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # The thread goes on, and what it opens would keep everybody out.
            with suppress(BulkError, OSError):
                (await opening).close()
            raise

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
        """Record what is under way, so that no job that was made is forgotten."""
        if tasks:
            session.engine.brake.abandon(INTERRUPTED)
        try:
            while tasks:
                await self._take(session.engine, tasks, LONGEST_WAIT)
        finally:
            for task in tasks:
                task.cancel()

    async def _perform(self, session: Session, transport: httpx.AsyncBaseTransport, action: Action) -> Any:
        try:
            if isinstance(action, Save):
                return await self._save(self._downloads(session, action), transport)
            name, arguments, options = session.call(action)
            response = await getattr(self._resource, name)(*arguments, **options)
            return Answer(response.parsed, session.engine.calendar())
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  # the engine judges it
            return error

    @staticmethod
    async def _save(downloads: Downloads, transport: httpx.AsyncBaseTransport) -> Saved:
        counted = Counted(transport, downloads)
        for source in downloads.sources:
            with downloads.of_one():
                downloads.saved(source, await _download.fetch_async(counted, downloads.prepare(source)))
        return await asyncio.to_thread(downloads.finish)


@contextmanager
def _withdrawn(engine: Engine, actions: list[Action]) -> Iterator[None]:
    """Withdraw actions if what has to come before them fails or is interrupted."""
    try:
        yield
    except BaseException:
        engine.withdraw(actions)
        raise


def _wait(delay: float | None) -> float:
    return LONGEST_WAIT if delay is None else min(delay, LONGEST_WAIT)
