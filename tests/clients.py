"""Both clients as one, and a clock for them: what the tests of jobs share."""

import asyncio
import inspect
import pkgutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import MethodType, SimpleNamespace
from typing import Any, cast

import pytest

import leap_client
from leap_client import AsyncLeap, Leap
from leap_client.resources.images import AsyncImages

KINDS = (Leap, AsyncLeap)


class Clock:
    """A clock that stands still until somebody sleeps by it, so that no test ever waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.naps: list[float] = []
        self.on_nap: Callable[[], object] = lambda: None

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        assert seconds >= 0
        self.naps.append(seconds)
        self.on_nap()
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Let the time pass at once, and other tasks go on."""
        self.sleep(seconds)
        await asyncio.sleep(0)

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the client under this clock.

        Args:
            monkeypatch: What undoes it.
        """
        watch = SimpleNamespace(**{**vars(time), "monotonic": self, "sleep": self.sleep})
        loop = SimpleNamespace(**{**vars(asyncio), "sleep": self.sleep_async})
        for found in pkgutil.iter_modules(leap_client.__path__, "leap_client."):
            module = import_module(found.name)
            for name, substitute in (("time", watch), ("asyncio", loop)):
                if name in vars(module):
                    monkeypatch.setattr(module, name, substitute)


class Blocking:
    """An asynchronous object whose methods return when they are done, as those of its synchronous twin do.

    Args:
        inner: The object.
        runner: Where its coroutines run.
    """

    def __init__(self, inner: Any, runner: asyncio.Runner) -> None:
        self.inner = inner
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        """Give what the object has under a name."""
        return self.blocking(getattr(self.inner, name))

    def blocking(self, value: Any) -> Any:
        """Give what blocks in the place of what would have to be awaited."""
        if inspect.iscoroutine(value):
            return self._runner.run(value)
        if isinstance(value, AsyncIterator):
            return self._iterate(value)
        if isinstance(value, MethodType):
            return lambda *args, **kwargs: self.blocking(value(*args, **kwargs))
        return Blocking(value, self._runner) if isinstance(value, AsyncLeap | AsyncImages) else value

    def _iterate(self, items: AsyncIterator[Any]) -> Iterator[Any]:
        async def following() -> Any:
            return await anext(items, self)

        while (item := self._runner.run(following())) is not self:
            yield item


@contextmanager
def opened(kind: type[Leap | AsyncLeap], *args: Any, **options: Any) -> Iterator[Leap]:
    """Open a client of either kind, and use it as if it were synchronous.

    Args:
        kind: The class of the client.
        *args: Its arguments.
        **options: Its options.
    """
    if kind is Leap:
        with Leap(*args, **options) as leap:
            yield leap
        return
    with asyncio.Runner() as runner:
        asynchronous = AsyncLeap(*args, **options)
        try:
            yield cast("Leap", Blocking(asynchronous, runner))
        finally:
            runner.run(asynchronous.aclose())
