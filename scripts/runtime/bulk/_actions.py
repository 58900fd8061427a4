"""What a run does, what comes of it, and what it tells of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ._errors import BulkError
from ._journal import Intent
from ._poller import Look, Page


class Submit(NamedTuple):
    """Send a request that is on the journal."""

    intent: Intent


class Save(NamedTuple):
    """Save so many files of a finished job from the first one on, except for those that are saved already.

    What is saved goes by the numbers of the files. Some may be saved, and one may have failed, by an action before.
    """

    intent: Intent
    id: str
    job: Any
    saved: Mapping[str, Path] = {}
    first: int = 0
    files: int = 1
    error: Exception | None = None


class Walk(NamedTuple):
    """Fetch a page on the walk of recovery."""

    number: int
    attempt: int = 1


Action = Submit | Save | Walk | Page | Look


class Saved(NamedTuple):
    """The outcome of `Save`: the files that are saved, by their numbers, the first error, and what it took."""

    paths: dict[str, Path]
    error: Exception | None
    requests: int


class Answer(NamedTuple):
    """The outcome of a request: what was read, and when it came by the clock of the session."""

    value: Any
    received: float


@dataclass(frozen=True)
class Result:
    """What became of a row.

    Attributes:
        key: The key of the row.
        state: `done`, `failed`, or `unknown`: it is not known whether its request made a job, or how that ends.
        paths: The files that are saved.
        error: Why it is not done.
        job: The id of the job, if it is known.
        request: What was sent, by the names in JSON.
    """

    key: str
    state: str
    paths: list[Path] = field(default_factory=list)
    error: str = ""
    job: str | None = None
    request: dict[str, Any] = field(default_factory=dict)


# Why a run submits nothing more.
REFUSED, CAP, FAILURES, INTERRUPTED, DISK = "refused", "cap", "failures", "interrupted", "disk"
# This many failures in a row stop a run: the fault is then not in the rows.
FAILURES_IN_A_ROW = 20


class Brake:
    """Whether a run may submit, or do anything at all."""

    def __init__(self) -> None:
        self.stopped = ""
        self.abandoned = False
        self.error: BaseException | None = None
        self._in_a_row: dict[str, int] = {}

    def stop(self, reason: str, error: BaseException | None = None) -> None:
        """Submit nothing more; what is in flight goes on."""
        self.stopped = self.stopped or reason
        self.error = self.error or error

    def abandon(self, reason: str, error: BaseException | None = None) -> None:
        """Begin nothing more at all; the outcomes of what is under way are still recorded."""
        self.stop(reason, error)
        self.abandoned = True

    def failure(self, kind: str, error: BaseException | None = None) -> None:
        """Count a failure of some kind: many in a row stop the run."""
        self._in_a_row[kind] = self._in_a_row.get(kind, 0) + 1
        if self._in_a_row[kind] >= FAILURES_IN_A_ROW:
            text = f"{FAILURES_IN_A_ROW} {kind}s in a row have failed, so nothing more was submitted"
            self.stop(FAILURES, error or BulkError(text))

    def success(self, kind: str) -> None:
        """Record a success of the same kind."""
        self._in_a_row[kind] = 0
