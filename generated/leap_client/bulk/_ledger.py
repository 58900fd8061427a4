# Generated from openapi.yaml by `make generate`. Do not edit.
"""What is known of each row: written down first, and told afterwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._actions import Result
from ._journal import DONE, FAILED, Intent, Journal, calendar
from ._recovery import Listed, listed
from ._rows import Row

if TYPE_CHECKING:
    from ._plan import Plan


class Ledger:
    """The journal of a run, in the terms of what happens in it.

    Args:
        plan: What is run.
        journal: Where it is written down.
        cap: How many files may be paid for; None for any number.
        clock: Seconds since 1970.
    """

    def __init__(self, plan: Plan, journal: Journal, cap: int | None, clock: Callable[[], float] | None = None) -> None:
        self._plan = plan
        self._journal = journal
        self._cap = cap
        self.clock = clock or calendar()
        self.state = journal.state
        self.results: deque[Result] = deque()
        # Why the outcome of an open intent is unknown.
        self.held: dict[int, str] = {}
        self._draws = plan.draws(journal.secret)

    def intend(self, row: Row) -> Intent | None:
        """Write down that a row is about to be submitted; None if the cap does not allow it."""
        plan = self._plan
        request, drawn = plan.draw(row, self._draws)
        if self._cap is not None:
            request = plan.with_count(request)
            if self.state.files + plan.files_of(request) > self._cap:
                return None
        self._journal.append("intend", row=row.index, key=row.key, request=request, drawn=drawn, at=self.clock())
        return self.state.open[row.index]

    def job(self, intent: Intent, job: str, *, echoes: bool | None = None, ahead: float | None = None) -> None:
        """Write down the job of a request, and what its answer tells of the server."""
        self._journal.append("job", row=intent.index, id=job, echoes=echoes, ahead=ahead)
        self.held.pop(intent.index, None)

    def void(self, intent: Intent, reason: str) -> None:
        """Write down that a request certainly made no job."""
        self._journal.append("void", row=intent.index, reason=reason)
        self.held.pop(intent.index, None)

    def fail(
        self, intent: Intent, reason: str, job: str | None = None, paths: Iterable[Path] = (), *, unsaved: bool = False
    ) -> None:
        """Write down that a row has failed."""
        self._end("failed", intent, job, list(paths), error=reason, unsaved=unsaved)

    def done(self, intent: Intent, job: str, paths: Iterable[Path]) -> None:
        """Write down that the files of a row are saved."""
        self._end("done", intent, job, list(paths))

    def _end(self, kind: str, intent: Intent, job: str | None, paths: list[Path], **more: Any) -> None:
        names = {"row": intent.index, "key": intent.key, "request": intent.request, "id": job}
        self._journal.append(kind, **names, files=[path.name for path in paths], **more)
        self.results.append(Result(intent.key, kind, paths, more.get("error", ""), job, intent.request))

    def learn(self) -> None:
        """Record what other partitions know of the server."""
        self._journal.learn()

    def listed(self, job: Any) -> Listed | None:
        """Read of a job what it can be recognised by; None if that cannot be read."""
        rules = self._plan.rules
        return listed(job, key=rules.key, recognised=rules.recognised, created=rules.created)

    def echoed(self, intent: Intent, found: Listed) -> bool:
        """Return whether a job repeats what was sent."""
        return found.values == intent.values(self._plan.recognised)

    def conclude(self) -> None:
        """Report the rows that are left without an end."""
        for intent, job, reason in self.unknown():
            self.results.append(Result(intent.key, "unknown", error=reason, job=job, request=intent.request))

    def unknown(self) -> Iterator[tuple[Intent, str | None, str]]:
        """Yield what is left without an end, with its job if that is known, and the reason."""
        lost = "its answer was lost, and its job was not searched for yet"
        for index, intent in sorted(self.state.open.items()):
            yield intent, None, self.held.get(index, lost)
        for _, (intent, job) in sorted(self.state.running.items()):
            yield intent, job, "the job was not seen to end"

    def progress(self, submitting: int) -> dict[str, int]:
        """Count rows by what became of them, and what may have been paid for."""
        state = self.state
        return {
            "requests": self._plan.requests,
            "done": state.count(DONE),
            "failed": state.count(FAILED),
            "running": len(state.running) + submitting,
            "unknown": len(state.open) - submitting,
            "paid_files": state.files,
        }
