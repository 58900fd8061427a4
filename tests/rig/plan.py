"""Which request goes wrong: faults that were planned for it, or that a function chooses."""

import json
import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Self
from urllib.parse import parse_qsl

from starlette.types import Scope

from .faults import Fault


@dataclass(eq=False)
class Request:
    """One request as it came in.

    Args:
        method: The method.
        target: Path and query as they were sent, escapes and all.
        path: The path, unescaped.
        query: The query; the last value where a name is repeated.
        headers: The headers by lower-case name; repeated ones are joined by a comma.
        body: As much of the body as was read.
        fault: What went wrong with the request on purpose.
        reached: Whether the application handled it.
        status: The status that was sent back; None if none was.
        ended: Whether the sandbox is done with it.
    """

    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    fault: Fault | None = None
    reached: bool = False
    status: int | None = None
    ended: bool = False

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Describe what an ASGI server received.

        Args:
            scope: The server's description.
        """
        query = scope["query_string"].decode("latin-1")
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        return cls(
            method=scope["method"],
            target=scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""),
            path=scope["path"],
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=headers,
        )

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


Chooser = Callable[[Request, random.Random], Fault | None]


@dataclass(eq=False)
class _Rule:
    """A fault and the requests that it is for."""

    fault: Fault
    method: str | None
    path: str | None
    left: float

    def matches(self, request: Request) -> bool:
        """Return whether the request is one of them."""
        method_fits = self.method is None or self.method == request.method
        return method_fits and (self.path is None or fnmatchcase(request.path, self.path))


class Faults:
    """The faults still to come at an origin: planned ones first, then those of a function."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._choose: Callable[[Request], Fault | None] = lambda _: None

    def add(self, *faults: Fault, method: str | None = None, path: str | None = None, times: int | None = 1) -> None:
        """Plan faults; they happen in this order.

        Args:
            *faults: The faults.
            method: Method of the requests that are meant; any if left out.
            path: Path of the requests that are meant, as a pattern with `*`; any if left out.
            times: To how many requests each fault happens; None for all that follow.
        """
        left = math.inf if times is None else times
        with self._lock:
            self._rules += [_Rule(fault, method, path, left) for fault in faults]

    def randomly(self, choose: Chooser, *, seed: int = 0) -> None:
        """Ask a function what goes wrong with each request that no planned fault is for.

        Args:
            choose: Gets the request and a source of random numbers, gives a fault or None.
            seed: Where the random numbers start.
        """
        dice = random.Random(seed)  # noqa: S311 - dice, not secrets
        self._choose = lambda request: choose(request, dice)

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._rules.clear()
        self._choose = lambda _: None

    @property
    def left(self) -> list[Fault]:
        """The planned faults that are still to happen."""
        with self._lock:
            return [rule.fault for rule in self._rules]

    def take(self, request: Request) -> Fault | None:
        """Return what goes wrong with a request, and count it.

        Args:
            request: The request.
        """
        with self._lock:
            rule = next((rule for rule in self._rules if rule.matches(request)), None)
            if rule is None:
                return self._choose(request)
            rule.left -= 1
            if rule.left <= 0:
                self._rules.remove(rule)
            return rule.fault
