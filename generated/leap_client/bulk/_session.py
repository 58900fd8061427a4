# Generated from openapi.yaml by `make generate`. Do not edit.
"""What a run holds while it is going on: the right to write, the journal and the engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING, Any

from . import _report
from ._actions import INTERRUPTED, Submit, Walk
from ._engine import Engine
from ._errors import ClaimLost, JournalError
from ._journal import BEAT_EVERY, FAILED, Facts, Journal
from ._locks import Claim, Lock
from ._options import Options
from ._poller import Look, Page
from ._report import SUMMARY
from ._rows import Row
from ._sheet import Sheet

if TYPE_CHECKING:
    from ._plan import Plan

JOURNAL = "journal.jsonl"
# Where partitions keep what they do not share, in the directory of their run.
PARTS = ".parts"
SECRET_BITS = 128


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
    """One process at work on a run.

    Args:
        plan: What is run.
        directory: Where the files go.
        options: How it is carried out.
        part: The partition; None for all of it.
    """

    def __init__(self, plan: Plan, directory: Path, options: Options, part: Part | None) -> None:
        self.directory = directory
        self.plan = plan
        self.summary: dict[str, Any] = {}
        self._part = part
        self._claim_lost = False
        self._folder = part.folder if part else directory
        self._began = time.monotonic()
        self.lock: Lock | Claim = Claim(part.folder, part.lease) if part else Lock(directory)
        name = f"{part.index}/{part.of}" if part else ""
        drawn = part.secret if part else randbits(SECRET_BITS)
        facts = Facts(plan.digest, plan.rules.document, plan.requests, plan.scope, name, drawn, plan.files_of)
        with ExitStack() as opened:
            opened.callback(self.lock.release)
            # A run of the other kind may begin at the same time: with a look before and one after, not both go on.
            refuse_other_kind(directory, partitioned=part is not None)
            self._journal = Journal(self._folder / JOURNAL, facts, self.lock.epoch, self.beat)
            opened.callback(self._journal.close)
            refuse_other_kind(directory, partitioned=part is not None)
            # It tells of an earlier end, and `collect` would take it for that of this run.
            (self._folder / SUMMARY).unlink(missing_ok=True)
            if options.retry_failed:
                self._retry_failed()
            self.engine = Engine(plan, self._rows(), self._journal, options)
            opened.pop_all()

    def _retry_failed(self) -> None:
        for index, state in enumerate(self._journal.state.rows):
            if state == FAILED:
                self._journal.append("again", row=index)
        self._journal.sync()

    def _rows(self) -> Iterator[Row]:
        part = self._part
        for row in self.plan.rows():
            if row.index % BEAT_EVERY == 0:
                self.beat()
            if part is None or self.plan.part_of(row, part.of) == part.index:
                yield row

    def call(self, action: Submit | Page | Walk | Look) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the method of a client, and its arguments, that carries out an action.

        Raises:
            ClaimLost: It would be paid for, and is not ours to do any more.
        """
        rules, scope = self.plan.rules, self.plan.scope
        if isinstance(action, Submit):
            self.lock.check()
            return f"{rules.submit}_detailed", (scope,), self.plan.arguments(action.intent.request)
        if isinstance(action, (Page, Walk)):
            size = self.engine.page_size
            sized = {} if size is None else {rules.size: size}
            return f"{rules.list}_detailed", (scope,), {rules.page: action.number, **sized}
        return f"{rules.find}_detailed", (scope, action.id), {}

    def beat(self) -> None:
        """Show that we are alive.

        Raises:
            ClaimLost: It is too late.
        """
        try:
            self.lock.beat()
        except ClaimLost:
            self._claim_lost = True
            raise

    def sync(self) -> None:
        """Put the journal on the disk, unless it belongs to another runner by now."""
        if self._is_lost:
            self._journal.drop()
            return
        self._journal.sync()

    @property
    def _is_lost(self) -> bool:
        return self._claim_lost or isinstance(self.engine.brake.error, ClaimLost)

    def close(self) -> None:
        """Write what is left of the journal, the summary and the contact sheet, and let go of everything."""
        try:
            with suppress(OSError):
                self.sync()
            if not self._is_lost:
                self._summarize()
        finally:
            self._journal.close()
            self.lock.release()

    def _summarize(self) -> None:
        plan, brake = self.plan, self.engine.brake
        summary = {
            **self.engine.progress,
            "requests": plan.requests if self._part is None else sum(1 for _ in self._rows()),
            "cost": None if plan.price is None else str(plan.price * self._journal.state.files),
            "stopped": brake.stopped,
            "error": str(brake.error or ""),
            "seconds": round(time.monotonic() - self._began, 3),
        }
        sheet = None if self._part else Sheet(self._folder, plan.name, plan.recognised)
        journals = [self._folder / JOURNAL]
        self.summary = _report.write(self._folder, journals, summary, self.engine.unknown, sheet)

    def failure(self) -> BaseException | None:
        """Return the error that ended the run, if it did not end by itself or by wish."""
        brake = self.engine.brake
        wished = brake.stopped in {"", "cap"} or (brake.stopped == INTERRUPTED and brake.error is None)
        return None if wished else brake.error


def refuse_other_kind(directory: Path, *, partitioned: bool) -> None:
    """Keep a run in partitions and one without from sharing a directory: neither knows what the other has paid for.

    Raises:
        JournalError: The directory holds a run of the other kind.
    """
    if (directory / (JOURNAL if partitioned else PARTS)).exists():
        begun = "without" if partitioned else "in"
        raise JournalError(f"{directory} was begun {begun} partitions; go on that way, or use another directory")
