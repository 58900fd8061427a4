"""The journal of a run: what was intended, what is known to have happened, in the order in which it did.

A line is a JSON object with its kind under `t`:

- `run`     a session begins: hashes of input and document, the secret that the draw depends on
- `intend`  a request is about to be sent; on the disk before it is
- `job`     it made the job of this id
- `void`    it certainly made none
- `done`    the files of the job are saved
- `failed`  the row has failed
- `again`   a row that had failed is to be tried again

Every line carries the epoch of its session, `e`. A line of an older epoch than one before it comes from a runner that
had been replaced, and does not count.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ._errors import JournalError
from ._locks import boot_time
from ._table import Table

VERSION = 1
NEW, OPEN, RUNNING, DONE, FAILED = range(5)
# What must be on the disk before anything else happens.
URGENT = {"run", "intend", "job"}
# How many lines or rows are read before a runner shows that it is alive.
BEAT_EVERY = 1000


def calendar() -> Callable[[], float]:
    """Return a clock of seconds since 1970 that goes on evenly, even if the clock of the machine is set meanwhile."""
    offset = time.time() - boot_time()
    return lambda: boot_time() + offset


class Facts(NamedTuple):
    """What identifies a run.

    Attributes:
        digest: Identifies the input.
        document: Identifies the rules of the document.
        rows: How many rows the input has.
        scope: What the jobs are submitted to.
        part: Which part of the rows it is about; empty for all.
        secret: What a draw depends on, if the journal is new.
        files_of: Returns how many files a request asks for.
    """

    digest: str
    document: str
    rows: int
    scope: str
    part: str
    secret: int
    files_of: Callable[[Mapping[str, Any]], int]

    def header(self) -> dict[str, Any]:
        """Return what a session begins with."""
        return {
            "version": VERSION,
            "document": self.document,
            "scope": self.scope,
            "input": self.digest,
            "rows": self.rows,
            "part": self.part,
        }

    def check(self, line: Mapping[str, Any], path: Path) -> None:
        """Refuse the journal of another run.

        Raises:
            JournalError: It is one.
        """
        differing = [name for name, value in self.header().items() if line.get(name) != value]
        if not differing:
            return
        what = {"version": "another version of this package", "document": "another version of the API's document"}.get(
            differing[0]
        )
        if what:
            raise JournalError(f"{path} was begun by {what}; finish it with that one, or use another directory")
        what = {"scope": f"{line.get('scope')!r}, not to {self.scope!r}"}.get(differing[0], "another input")
        raise JournalError(f"{path} belongs to {what}; go on with that, or use another directory for this run")


@dataclass(frozen=True, slots=True)
class Intent:
    """A request that may have been sent.

    Attributes:
        index: The row.
        key: Its key.
        request: What was to be sent, by the names in JSON.
        at: When, in seconds since 1970 by the clock of its session.
        epoch: The session.
        drawn: Whether a value was drawn for it, so that no other job has the same.
    """

    index: int
    key: str
    request: dict[str, Any]
    at: float
    epoch: int
    drawn: bool

    def values(self, names: Iterable[str]) -> tuple[Any, ...]:
        """Return what its job can be recognised by: the values of these fields, by their names in JSON."""
        return tuple(self.request.get(name) for name in names)


@dataclass
class State:
    """What a journal tells of a run.

    Attributes:
        rows: The state of each row.
        open: The intents of which it is not known whether they made a job.
        running: The intents whose job has not ended, with its id.
        unsaved: The same for jobs that finished, but whose files could not be saved.
        ids: The ids of all jobs of the run.
        files: How many files were or may have been paid for.
        echoes: Whether jobs repeat what was sent; None before the first answer.
        ahead: How many seconds the server's clock is ahead of that of a session, at least; nothing before an answer.
        epoch: The epoch of the last session.
        secret: What the draw depends on.
    """

    rows: bytearray
    open: dict[int, Intent] = field(default_factory=dict)
    running: dict[int, tuple[Intent, str]] = field(default_factory=dict)
    unsaved: dict[int, tuple[Intent, str]] = field(default_factory=dict)
    ids: Table = field(default_factory=Table)
    files: int = 0
    echoes: bool | None = None
    ahead: dict[int, float] = field(default_factory=dict)
    epoch: int = 0
    secret: int | None = None

    def count(self, state: int) -> int:
        """Return how many rows are in a state."""
        return self.rows.count(state)

    def take_job(self, line: Mapping[str, Any]) -> None:
        """Record what the line of a job tells of the server."""
        self.ids.add(line["id"])
        if line.get("echoes") is not None:
            self.echoes = line["echoes"] and self.echoes is not False


class Journal:
    """An append-only file; what is appended is on the disk after `sync`.

    Args:
        path: The file.
        facts: What the run is about; a journal about something else is refused.
        epoch: The epoch of this session; by default the one after the last.
        beat: What shows that this runner is alive; called again and again where reading takes long.

    Raises:
        JournalError: It belongs to another run, or is damaged.
        ClaimLost: `beat` says that it belongs to another runner by now.
    """

    def __init__(
        self, path: Path, facts: Facts, epoch: int | None = None, beat: Callable[[], object] = lambda: None
    ) -> None:
        self._path = path
        self._facts = facts
        self._beat = beat
        self.state = State(bytearray(facts.rows))
        path.parent.mkdir(parents=True, exist_ok=True)
        end = self._replay()
        beat()  # what another runner has written since must not be cut off
        self.epoch = epoch or self.state.epoch + 1
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.ftruncate(self._file, end)
        # What is not written yet, and whether it is urgent. One thread may append while another one syncs.
        self._lines: deque[tuple[bytes, bool]] = deque()
        self._writing = threading.Lock()
        if self.state.secret is None:
            self.state.secret = facts.secret
        self.append("run", secret=f"{self.state.secret:x}", **facts.header())
        self.sync()
        _sync_folder(path.parent)

    @property
    def secret(self) -> int:
        """What the draw depends on."""
        return self.state.secret or 0

    def append(self, kind: str, **record: Any) -> None:
        """Add a line, to be written by the next `sync`, and take it into the state as a later session will."""
        line = {"t": kind, "e": self.epoch, **record}
        self._lines.append((json.dumps(line).encode() + b"\n", kind in URGENT))
        if kind != "run":
            apply(self.state, line, self._facts)

    def sync(self) -> None:
        """Write what was added, all in one go, and wait until it is on the disk where that matters.

        Raises:
            OSError: The disk is full or broken; what was added is kept, and nothing is left half written.
        """
        with self._writing:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            data, written = b"".join(line for line, _ in lines), 0
            before = os.fstat(self._file).st_size
            try:
                while written < len(data):
                    written += os.write(self._file, data[written:])
                if any(urgent for _, urgent in lines):
                    os.fsync(self._file)
            except OSError:
                self._lines.extendleft(reversed(lines))
                # Unless a runner that had been replaced has written meanwhile, too.
                if os.fstat(self._file).st_size == before + written:
                    os.ftruncate(self._file, before)
                raise

    def drop(self) -> None:
        """Forget what was added and not written."""
        with self._writing:
            self._lines.clear()

    def close(self) -> None:
        """Close the file, after what another thread is writing."""
        with self._writing:
            os.close(self._file)

    def _replay(self) -> int:
        """Read what there is into the state, and return the length of what is whole."""
        end = 0
        for number, (line, end_of_line) in enumerate(whole_lines(self._path)):
            self._take(line)
            end = end_of_line
            if number % BEAT_EVERY == 0:
                self._beat()
        return end

    def learn(self) -> None:
        """Read what the journals of other partitions know of the server: what it lists, and whether it echoes."""
        if not self._facts.part:
            return
        for path in self._path.parent.parent.glob(f"*/{self._path.name}"):
            # Another runner may be writing to it right now; a line that is half written is then no damage.
            with suppress(JournalError):
                for number, (line, _) in enumerate(whole_lines(path)):
                    if line["t"] == "job":
                        self.state.take_job(line)
                    if number % BEAT_EVERY == 0:
                        self._beat()

    def _take(self, line: dict[str, Any]) -> None:
        state, kind, epoch = self.state, line["t"], line["e"]
        if kind == "run":
            self._facts.check(line, self._path)
            state.secret = int(line["secret"], 16)
        if state.secret is None:
            raise JournalError(f"{self._path} does not begin as a journal; use another directory")
        if epoch < state.epoch:
            return
        state.epoch = epoch
        if kind != "run":
            apply(state, line, self._facts)


def apply(state: State, line: dict[str, Any], facts: Facts) -> None:
    """Take one line of a journal into the state that it tells of."""
    EFFECTS[line["t"]](state, line["row"], line, facts)


def _intend(state: State, index: int, line: dict[str, Any], facts: Facts) -> None:
    drawn = line["drawn"] is not None
    state.open[index] = Intent(index, line["key"], line["request"], line["at"], line["e"], drawn)
    state.files += facts.files_of(line["request"])
    state.rows[index] = OPEN


def _job(state: State, index: int, line: dict[str, Any], _facts: Facts) -> None:
    state.take_job(line)
    if (ahead := line["ahead"]) is not None:
        state.ahead[line["e"]] = max(ahead, state.ahead.get(line["e"], ahead))
    if index in state.open:
        state.running[index] = (state.open.pop(index), line["id"])
        state.rows[index] = RUNNING


def _void(state: State, index: int, _line: dict[str, Any], facts: Facts) -> None:
    intent = state.open.pop(index, None)
    if intent is not None:
        state.files -= facts.files_of(intent.request)
        state.rows[index] = NEW


def _end(state: State, index: int, line: dict[str, Any], _facts: Facts) -> None:
    state.open.pop(index, None)
    job = state.running.pop(index, None)
    if job is not None and line.get("unsaved"):
        state.unsaved[index] = job
    state.rows[index] = DONE if line["t"] == "done" else FAILED


def _again(state: State, index: int, _line: dict[str, Any], _facts: Facts) -> None:
    state.rows[index] = NEW
    if index in state.unsaved:
        state.running[index] = state.unsaved.pop(index)
        state.rows[index] = RUNNING


EFFECTS: dict[str, Callable[[State, int, dict[str, Any], Facts], None]] = {
    "intend": _intend,
    "job": _job,
    "void": _void,
    "done": _end,
    "failed": _end,
    "again": _again,
}


def whole_lines(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Read the lines of a journal, each with the offset of its end, up to a torn tail.

    Raises:
        JournalError: Something is broken that is no tail.
    """
    if not path.exists():
        return
    offset, torn = 0, False
    with path.open("rb") as file:
        for data in file:
            offset += len(data)
            line = _parsed(data)
            if line is None:
                torn = True
            elif torn:
                raise JournalError(
                    f"{path} is damaged before byte {offset}; restore it from a backup, or use another directory"
                )
            else:
                yield line, offset


def _parsed(data: bytes) -> dict[str, Any] | None:
    """Read a line; None if it is torn."""
    if not data.endswith(b"\n"):
        return None
    try:
        line = json.loads(data)
    except ValueError:
        return None
    known = isinstance(line, dict) and line.get("t") in {"run", *EFFECTS} and isinstance(line.get("e"), int)
    return line if known else None


def _sync_folder(folder: Path) -> None:
    """Put the entry of a new file on the disk, where the system can do that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
