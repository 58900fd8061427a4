"""The walk that recovery takes over the list, once nothing else is left to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .._paging import PageWalker
from ..errors import ApiError, BadRequestError, ServerError, ServiceError
from ._actions import Action, Answer, Limits, Walk
from ._journal import Intent
from ._ledger import Ledger
from ._recovery import Recovery, Skew, Verdict, readable

if TYPE_CHECKING:
    from ._plan import Plan

TOO_MANY_REQUESTS = 429
ATTEMPTS = 4


class Recoverer:
    """Walks over the list for all open intents together, and judges each.

    Args:
        ledger: What is known of each row.
        plan: What is run.
        limits: How it is carried out.
        skew: The difference of the clocks.
        ready: Where actions go that are to be begun.
    """

    def __init__(self, ledger: Ledger, plan: Plan, limits: Limits, skew: Skew, ready: deque[Action]) -> None:
        self._ledger = ledger
        self._plan = plan
        self._limits = limits
        self._skew = skew
        self._ready = ready
        self._recovery: Recovery | None = None
        self._steps: Generator[Any, list[Any], None] | None = None
        self._walked: set[tuple[int, float]] = set()
        self.verdicts: deque[tuple[Intent, Verdict]] = deque()

    @property
    def walking(self) -> bool:
        """Whether a walk is under way."""
        return self._steps is not None

    def waiting(self) -> list[Intent]:
        """Give the open intents that no walk was made for."""
        return [each for each in self._ledger.state.open.values() if (each.index, each.at) not in self._walked]

    def delay(self) -> float:
        """Tell in how many seconds the newest of them has settled."""
        newest = max(each.at for each in self.waiting())
        # A clock that was set back must not keep us for longer than it takes at most.
        return min(max(0.0, newest + self._limits.settle - self._ledger.calendar()), self._limits.settle)

    def begin(self) -> None:
        """Begin the walk for all intents that wait for one."""
        intents = self.waiting()
        self._walked.update((intent.index, intent.at) for intent in intents)
        self._recovery = Recovery(intents, self._ledger.state.ids, self._plan.recognised, self._skew)
        walker: PageWalker[Any] = PageWalker(self._key, self._plan.rules.first_page, None, filtered=False)
        self._steps = walker.steps()
        self._go(next(self._steps))

    def _key(self, job: Any) -> Any:
        return readable(job, self._plan.rules.key)

    def _go(self, step: tuple[list[Any], int | None]) -> None:
        new, number = step
        for job in new:
            found = self._ledger.listed(job)
            if found is not None and self._recovery is not None:
                self._recovery.see(found)
        if number is None:
            self._end(complete=True)
        else:
            self._ready.appendleft(Walk(number))

    def take(self, action: Walk, outcome: Any) -> None:
        """Take in what came of a page."""
        if self._steps is None:
            return
        try:
            if isinstance(outcome, Answer):
                self._go(self._steps.send(outcome.value))
            elif action.attempt < ATTEMPTS and not self._is_final(outcome):
                self._ready.appendleft(action._replace(attempt=action.attempt + 1))
            elif isinstance(outcome, ApiError):
                self._go(self._steps.throw(outcome))
            else:
                self._end(complete=False)
        except ServiceError:
            self._end(complete=False)

    @staticmethod
    def _is_final(outcome: Any) -> bool:
        """Tell whether the same request would bring the same again."""
        return isinstance(outcome, BadRequestError) or (
            isinstance(outcome, ApiError)
            and not isinstance(outcome, ServerError)
            and outcome.status_code != TOO_MANY_REQUESTS
        )

    def _end(self, *, complete: bool) -> None:
        recovery, self._recovery, self._steps = self._recovery, None, None
        if recovery is not None:
            self.verdicts.extend(recovery.verdicts(echoes=self._ledger.state.echoes, complete=complete))
