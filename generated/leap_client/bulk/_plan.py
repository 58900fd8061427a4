# Generated from openapi.yaml by `make generate`. Do not edit.
"""A plan: every row of an input, read and checked, before anything is sent."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any, overload

from .._client import AsyncClient, SyncClient
from ._options import Options, amount
from ._rows import Checker, Header, Mistakes, Raw, Row, canonical, parse_line, read_file, read_objects
from ._rules import Rules
from ._run import AsyncRun, Run
from ._spec import RULES
from ._table import Table, digest

BLOCK = 1 << 20


class Spool:
    """Lines in an unnamed file, so that a plan takes no memory for its rows and its input may change meanwhile."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the plan
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self._hash = hashlib.sha256()

    def write(self, line: str) -> None:
        """Append a line."""
        data = line.encode("utf-8") + b"\n"
        self._hash.update(data)
        self._file.write(data)

    def digest(self) -> str:
        """Identify everything that was written."""
        return self._hash.hexdigest()

    def lines(self) -> Iterator[bytes]:
        """Read all lines; several readers do not disturb each other."""
        position, rest = 0, b""
        while True:
            with self._lock:
                self._file.seek(position)
                block = self._file.read(BLOCK)
            if not block:
                return
            position += len(block)
            *lines, rest = (rest + block).split(b"\n")
            yield from lines


class Draws:
    """A shuffled range: each number of a row leads to another value, and the same number to the same value.

    Values are drawn without replacement by arithmetic instead of memory.

    Args:
        low: The smallest value.
        high: The largest value.
        secret: What decides the order; the machines of one run share it.
    """

    def __init__(self, low: int, high: int, secret: int) -> None:
        self._low = low
        self._size = high - low + 1
        self._start = secret % self._size
        step = (secret // self._size) % self._size
        while math.gcd(step, self._size) != 1:
            step += 1
        self._step = step

    def value(self, number: int) -> int:
        """Return the value of a number.

        Raises:
            ValueError: There are not so many values.
        """
        if number >= self._size:
            raise ValueError(f"only {self._size} different values can be drawn; set the rest in the input")
        return self._low + (self._start + number * self._step) % self._size


class Plan:
    """Rows that can be run; made by `plan`.

    Attributes:
        name: What the rows were read from.
        scope: What the jobs are submitted to.
        requests: How many jobs it is.
        files: How many files they ask for; a row that does not say counts as one.
        duplicates: How many rows are equal to an earlier one; they are jobs of their own all the same.
        price: The price of a file, if it was given.
        digest: Identifies the rows.
        recognised: The fields by which the job of a request can be recognised, by their names in JSON.
        drawn: The one of them that is drawn where a row has none.
    """

    def __init__(
        self, name: str, raws: Iterable[Raw | Header], scope: str, price: Decimal | None, rules: Rules = RULES
    ) -> None:
        self.name = name
        self.scope = scope
        self.price = price
        self.rules = rules
        self._spool = Spool()
        self._given = Table()
        self.requests = self.files = 0
        wires = {field.name: field.wire for field in rules.fields}
        self.recognised = [wires[field] for field in rules.recognised]
        self.drawn = wires[rules.drawn]
        self._count = wires[rules.counted] if rules.counted else None
        self._read(raws)
        self.digest = self._spool.digest()

    def _read(self, raws: Iterable[Raw | Header]) -> None:
        """Check all rows, and keep them."""
        mistakes = Mistakes(self.name)
        checker = Checker(self.rules, self.scope, mistakes)
        self._spool.write(json.dumps(self.scope))
        for raw in raws:
            if isinstance(raw, Header):
                checker.header(raw)
            elif (row := checker.row(self.requests, raw)) is not None and not mistakes:
                self._add(row)
        mistakes.raise_any()
        self.duplicates = checker.duplicates

    def _add(self, row: Row) -> None:
        self._spool.write(json.dumps({"key": row.key, "request": row.request}))
        self.requests += 1
        self.files += self.files_of(row.request)
        if self.drawn in row.request:
            self._given.add(self.identity(row.request))

    def __str__(self) -> str:
        text = f"{self.name}: {self.requests:,} requests, {self.files:,} images, {self.duplicates:,} duplicates"
        return text if self.cost is None else f"{text}, cost {self.cost:,.2f} at {self.price} an image"

    @property
    def cost(self) -> Decimal | None:
        """What all of it costs; None if no price was given."""
        return None if self.price is None else self.price * self.files

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.name, list(self._spool.lines()), self.price)

    def rows(self) -> Iterator[Row]:
        """Read the rows again."""
        lines = self._spool.lines()
        next(lines)
        for index, line in enumerate(lines):
            data = json.loads(line)
            yield Row(index, data["key"], data["request"])

    def files_of(self, request: Mapping[str, Any]) -> int:
        """Return how many files a request asks for."""
        return int(request.get(self._count, 1)) if self._count else 1

    def with_count(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask for one file explicitly where a row does not say: a cap must not depend on the default of a server."""
        return {**request, self._count: 1} if self._count and self._count not in request else request

    def identity(self, request: Mapping[str, Any]) -> str:
        """Spell that by which the job of a request can be recognised."""
        return canonical([request.get(name) for name in self.recognised])

    def part_of(self, row: Row, parts: int) -> int:
        """Return which of so many parts a row belongs to; rows that could be mistaken for each other share one."""
        return digest(self.identity(row.request)) % parts

    def draws(self, secret: int) -> Draws:
        """Return what values are drawn from."""
        return Draws(self.rules.draw_from, self.rules.draw_to, secret)

    def draw(self, row: Row, draws: Draws) -> tuple[dict[str, Any], int | None]:
        """Return the request of a row, and the value that was drawn for it: one that makes it unique in the run."""
        if self.drawn in row.request:
            return row.request, None
        number = row.index
        while True:
            value = draws.value(number)
            request = {**row.request, self.drawn: value}
            if self.identity(request) not in self._given:
                return request, value
            number += self.requests

    def arguments(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return a request by the names that it has in Python."""
        names = {field.wire: field.name for field in self.rules.fields}
        return {names[wire]: value for wire, value in request.items()}

    @overload
    def run(self, client: SyncClient, directory: str | PathLike[str], **options: Any) -> Run: ...

    @overload
    def run(self, client: AsyncClient, directory: str | PathLike[str], **options: Any) -> AsyncRun: ...

    def run(self, client: Any, directory: str | PathLike[str], **options: Any) -> Run | AsyncRun:
        """Submit every row that is not done yet, wait for the jobs, and save their files.

        It can be interrupted at any moment, by `kill -9` too, and be started again with the same plan and directory: a
        row is never paid for twice. Only one process at a time may use the directory.

        Args:
            client: A client, synchronous or asynchronous; it is not closed.
            directory: Where the files and the journal go.
            **options: See `Options`.

        Returns:
            An iterator, asynchronous if the client is, of a `Result` for each row that ends or turns out to be
            unknown. Rows that ended in an earlier run of the directory are not repeated. The run advances only while
            it is iterated: keep the loop body short. When leaving the loop early, call `close()` (`await aclose()`)
            before the client is closed.

        Raises:
            JournalError: The directory holds another run, or one that is still going on.
            LeapError: The server refuses the account, or many rows in a row have failed: the last error.
        """
        kind = AsyncRun if isinstance(client, self.rules.async_client) else Run
        return kind(self, client, Path(directory), Options(**options))


def _again(name: str, lines: list[bytes], price: Decimal | None) -> Plan:
    """Make a plan from what was pickled."""
    raws = (parse_line(number, line.decode()) for number, line in enumerate(lines[1:], 1))
    flat = (Raw(raw.line, {"key": raw.cells["key"], **raw.cells["request"]}) for raw in raws)
    return Plan(name, flat, json.loads(lines[0]), price)


def plan(rows: Any, scope: str, *, price: float | str | Decimal | None = None) -> Plan:
    """Read and check every row of an input; nothing is sent.

    Args:
        rows: The path of a CSV or JSONL file whose columns are the fields of a request, by either of their names, and
            `key`, which may be left out; or an iterable of such mappings, or of requests.
        scope: What the jobs are submitted to: the argument that every operation takes first.
        price: The price of a file, to show what the run will cost.

    Returns:
        The plan. It keeps a copy of the rows in a temporary file, so the input may change afterwards.

    Raises:
        InputError: Some rows have mistakes: the error names all of them.
        OSError: The file cannot be read.
        ValueError: The file is neither CSV nor JSONL, or the scope is no id.
    """
    if not isinstance(scope, str) or not scope.strip():
        raise ValueError(f"the scope of a plan must be a string that is not empty, got {scope!r}")
    each = None if price is None else amount("price", price)
    text = str.__str__(scope)
    if found := RULES.scope_named(text):
        raise ValueError(f"the scope of a plan must be an id, got the name {text!r}; use the id, {found!r}")
    if isinstance(rows, (str, PathLike)):
        path = Path(rows)
        return Plan(path.name, read_file(path), text, each)
    return Plan("rows", read_objects(rows, RULES.body), text, each)
