# Generated from openapi.yaml by `make generate`. Do not edit.
"""The decisions of a run, without any input or output but the journal: what to do next, and what its outcome means.

A driver asks for actions, syncs the journal, performs the actions in any order and at the same time, and hands in what
came of them; all but the performing in one thread.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .._retries import TOO_MANY_REQUESTS
from ..errors import ApiError, ConnectionFailed, DecodeError, RequestTimeout, retry_after
from ._actions import CAP, INTERRUPTED, REFUSED, Action, Answer, Brake, Result, Save, Saved, Submit, Walk
from ._errors import ClaimLost
from ._gate import Gate
from ._journal import NEW, Intent, Journal
from ._ledger import Ledger
from ._options import Options
from ._poller import Page
from ._recovery import Recoverer
from ._rows import Row
from ._watching import REFUSALS, Watcher

if TYPE_CHECKING:
    from ._plan import Plan

logger = logging.getLogger(__package__)

CLIENT_ERROR, REQUEST_TIMEOUT, SERVER_ERROR = 400, 408, 500
# How often a row is submitted again because its job does not exist.
RESUBMISSIONS = 4
# Seconds after which somebody who watches wonders why nothing happens.
LONG_PAUSE = 5.0


class Engine:
    """Decides what to do next, from the outcomes of what was done.

    Args:
        plan: What is to be run.
        rows: The rows of this run, in order.
        journal: Where everything is written down.
        options: How to carry it out.
        clock: A clock that only goes forward.
    """

    def __init__(
        self,
        plan: Plan,
        rows: Iterator[Row],
        journal: Journal,
        options: Options,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plan, self._rows, self._options, self._clock = plan, rows, options, clock
        self._ready: deque[Action] = deque()
        self._queue: deque[Row] = deque()
        self._exhausted = False
        self._resubmissions: Counter[int] = Counter()
        self._submitting = self._saving = self._under_way = 0
        self._gate = Gate(options.per_minute)
        self.brake = Brake()
        self._ledger = Ledger(plan, journal, options.cap(plan.price))
        self._watcher = Watcher(self._ledger, self.brake, plan.rules, options, self._ready)
        self._resubmit = options.unknown == "resubmit"
        self._recoverer = Recoverer(self._ledger, plan, options.settle, self._resubmit, self._ready, clock)
        for intent, job in journal.state.running.values():
            self._watcher.watch(intent, job, clock(), new=False)

    # For drivers.

    @property
    def finished(self) -> bool:
        """Whether nothing is under way, and nothing is left to do."""
        if self._under_way or self.brake.abandoned:
            return not self._under_way
        waiting = self._ready or self._watcher.saves
        return not (waiting or len(self._watcher) or self._next_row() or self._must_recover())

    @property
    def calendar(self) -> Callable[[], float]:
        """The clock by which answers are received."""
        return self._ledger.clock

    @property
    def page_size(self) -> int | None:
        """How many jobs to ask for on a page of the list; None for what the server likes."""
        return self._watcher.page_size

    @property
    def progress(self) -> dict[str, int]:
        """How many rows became what, and how many files may have been paid for."""
        return self._ledger.progress(self._submitting)

    def actions(self) -> list[Action]:
        """Return what is to be done now; what it needs on the journal has to be synced first."""
        if self.brake.abandoned:
            self._ready.clear()
            self._watcher.saves.clear()
            return []
        now, actions = self._clock(), []
        if self._settling() == 0.0:
            self._recoverer.begin()
            self._judge()
        self._ready.extend(self._watcher.poller.next(now))
        for waiting in (self._ready, self._watcher.saves):
            while waiting and self._is_free(now, waiting[0]):
                actions.append(self._begin(waiting.popleft()))
        while self._has_room() and (row := self._next_row()) is not None and self._gate.delay(now) == 0.0:
            intent = self._ledger.intend(row)
            if intent is None:
                self.brake.stop(CAP)
                break
            self._queue.popleft()
            self._submitting += 1
            actions.append(self._begin(Submit(intent)))
        return actions

    def delay(self) -> float | None:
        """Return in how many seconds to ask for actions again, should nothing be handed in before; None for no need."""
        now = self._clock()
        delays = [self._watcher.poller.delay(now), self._settling()]
        waiting = [each[0] for each in (self._ready, self._watcher.saves) if each]
        delays += [self._gate.delay(now, _weight(each)) for each in waiting if self._has_slot(each)]
        if self._has_room() and self._next_row() is not None:
            delays.append(self._gate.delay(now))
        known = [delay for delay in delays if delay is not None]
        return min(known) if known and not self.brake.abandoned else None

    def results(self) -> Iterator[Result]:
        """Yield what has become of rows since the last time."""
        while self._ledger.results:
            yield self._ledger.results.popleft()

    def stop(self) -> None:
        """Submit nothing more; what is in flight goes on."""
        self.brake.stop(INTERRUPTED)

    def conclude(self) -> None:
        """Report the rows that are left without an end."""
        self._ledger.conclude()

    @property
    def unknown(self) -> dict[str, str]:
        """Why rows are left without an end, by their keys."""
        return {intent.key: reason for intent, _, reason in self._ledger.unknown()}

    # Choosing.

    def _begin(self, action: Action) -> Action:
        self._gate.send(_weight(action))
        self._under_way += 1
        self._saving += isinstance(action, Save)
        return action

    def _is_free(self, now: float, action: Action) -> bool:
        return self._has_slot(action) and self._gate.delay(now, _weight(action)) == 0.0

    def _has_slot(self, action: Action) -> bool:
        """Return whether another action may be under way; files that are slow to come leave room for the rest."""
        parallel = self._options.parallel
        return self._under_way < parallel and not (isinstance(action, Save) and 2 * self._saving >= parallel)

    def _has_room(self) -> bool:
        """Return whether another job may be in flight; files that wait to be saved hold the next ones back, too."""
        most, parallel = self._options.in_flight, self._options.parallel
        if self._submitting and not len(self._ledger.state.ids):
            return False  # the first answer tells whether lost ones can be made good, so until then little is at stake
        backlog = self._watcher.saving >= max(most, parallel)
        return len(self._watcher) + self._submitting < most and self._under_way < parallel and not backlog

    def _next_row(self) -> Row | None:
        """Return the row to submit next, without taking it; None if there is none, or none may be submitted."""
        if self.brake.stopped:
            return None
        while not self._queue and not self._exhausted:
            row = next(self._rows, None)
            if row is None:
                self._exhausted = True
            elif self._ledger.state.rows[row.index] == NEW:
                self._queue.append(row)
        return self._queue[0] if self._queue else None

    def _must_recover(self) -> bool:
        if self.brake.stopped in {INTERRUPTED, REFUSED}:
            return False
        return self._recoverer.walking or bool(self._recoverer.waiting())

    def _settling(self) -> float | None:
        """Return in how many seconds recovery can begin: all else comes first, so that one walk is enough."""
        if self._submitting or len(self._watcher) or self._recoverer.walking:
            return None
        return self._recoverer.delay() if not self._next_row() and self._must_recover() else None

    # Outcomes.

    def take(self, action: Action, outcome: Any) -> None:
        """Record the outcome of an action: an `Answer`, `Saved`, or an error."""
        now = self._clock()
        self._end(action, now, outcome.requests if isinstance(outcome, Saved) else 1)
        if isinstance(outcome, ClaimLost):
            self.brake.abandon(INTERRUPTED, outcome)
            return
        self._take_pace(outcome, now)
        if isinstance(action, Submit):
            self._take_submission(action.intent, outcome, now)
        elif isinstance(action, Save):
            self._watcher.take_files(action, outcome, now)
        elif isinstance(action, Walk):
            self._recoverer.take(action, outcome)
            self._judge()
        elif isinstance(action, Page):
            self._watcher.take_page(action, outcome, now)
        else:
            self._watcher.take_look(action, outcome, now)

    def withdraw(self, actions: list[Action]) -> None:
        """Record that actions were not begun: their requests certainly made no job."""
        for action in actions:
            self._end(action, self._clock(), 0)
            if isinstance(action, Submit):
                self._ledger.void(action.intent, "it was not sent")

    def _end(self, action: Action, now: float, requests: int) -> None:
        self._under_way -= 1
        self._gate.end(now, _weight(action), requests)
        self._submitting -= isinstance(action, Submit)
        self._saving -= isinstance(action, Save)

    def _take_pace(self, outcome: Any, now: float) -> None:
        """Learn from an outcome when to send the next request."""
        if isinstance(outcome, ApiError) and outcome.status_code == TOO_MANY_REQUESTS:
            self._pause(now, retry_after(outcome.headers), outcome)
        elif isinstance(outcome, Answer):
            self._gate.recover()

    def _pause(self, now: float, seconds: float | None, reason: object) -> None:
        """Send nothing for a while, and say why if that is long."""
        had = self._gate.paused(now)
        self._gate.pause(now, seconds)
        wait = self._gate.paused(now)
        if not had and wait >= LONG_PAUSE:
            logger.warning("paused for %.0f s: %s", wait, reason)

    def _take_submission(self, intent: Intent, outcome: Any, now: float) -> None:
        if self._take_job(intent, outcome, now):
            self.brake.success("submission")
            return
        status = outcome.status_code if isinstance(outcome, ApiError) else None
        never_sent = isinstance(outcome, (ConnectionFailed, RequestTimeout)) and not outcome.maybe_sent
        client_side = isinstance(outcome, (TypeError, ValueError)) and not isinstance(outcome, DecodeError)
        refused = status is not None and CLIENT_ERROR <= status < SERVER_ERROR and status != REQUEST_TIMEOUT
        if status == TOO_MANY_REQUESTS or status in REFUSALS or never_sent:
            self._submit_again(intent, str(outcome))
        elif client_side or refused:
            self._ledger.void(intent, str(outcome))
            self._ledger.fail(intent, str(outcome))
        else:
            self._ledger.held[intent.index] = f"its answer was lost: {outcome}"
            self._recoverer.lose()
        if status in REFUSALS:
            self.brake.stop(REFUSED, outcome)
        elif status != TOO_MANY_REQUESTS:
            self.brake.failure("submission", outcome if isinstance(outcome, BaseException) else None)
        if never_sent:
            self._pause(now, None, outcome)

    def _take_job(self, intent: Intent, outcome: Any, now: float) -> bool:
        """Find the job in the answer to a submission; False if it has none."""
        if isinstance(outcome, Answer):
            found = self._ledger.listed(outcome.value)
            if found is None:
                return False
            ahead = None if found.created is None else found.created - outcome.received
            self._follow(intent, found.id, now, echoes=self._ledger.echoed(intent, found), ahead=ahead)
            return True
        body = outcome.job if isinstance(outcome, DecodeError) else None
        job = body.get(self._plan.rules.key_wire) if isinstance(body, dict) else None
        if not isinstance(job, str) or not job:
            return False
        self._follow(intent, job, now)
        return True

    def _follow(
        self, intent: Intent, job: str, now: float, *, echoes: bool | None = None, ahead: float | None = None
    ) -> None:
        self._ledger.job(intent, job, echoes=echoes, ahead=ahead)
        self._watcher.watch(intent, job, now)

    def _submit_again(self, intent: Intent, reason: str) -> None:
        """Put back a row whose request certainly made no job."""
        self._ledger.void(intent, reason)
        # The same value is drawn again. Sent as the row's own, it would not tell the new job from an older one.
        own = {name: value for name, value in intent.request.items() if not (intent.drawn and name == self._plan.drawn)}
        self._queue.append(Row(intent.index, intent.key, own))

    def _judge(self) -> None:
        """Act on what recovery has found out."""
        while self._recoverer.verdicts:
            intent, verdict = self._recoverer.verdicts.popleft()
            if verdict.adopt is not None:
                self._ledger.job(intent, verdict.adopt.id)
                self._watcher.watch(intent, verdict.adopt.id, self._clock(), new=False)
            elif verdict.absent and self._resubmit and self._resubmissions[intent.index] < RESUBMISSIONS:
                self._resubmissions[intent.index] += 1
                self._submit_again(intent, verdict.reason)
            else:
                self._ledger.held[intent.index] = verdict.reason


def _weight(action: Action) -> int:
    """Return how many requests an action is; the address of a file may lead to another one."""
    return max(1, 2 * action.files) if isinstance(action, Save) else 1
