# Generated from openapi.yaml by `make generate`. Do not edit.
"""The walk that recovery takes over the list, once nothing else is left to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._paging import PageWalker, Steps
from ..errors import ApiError, BadRequestError, LeapError, ServerError
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
        self._steps: Steps[Any, None] | None = None
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
        # Nothing is deleted on the way.
        walker: PageWalker[Any] = PageWalker(self._key, self._plan.rules.first_page, None, lambda: 0, filtered=False)
        self._steps = walker.steps()
        self._go(next)

    def _key(self, job: Any) -> Any:
        return readable(job, self._plan.rules.key)

    def _go(self, step: Callable[[Steps[Any, None]], Any]) -> None:
        """Take a step of the walk, and those that need no request."""
        if self._steps is None or self._recovery is None:
            return
        try:
            while isinstance(given := step(self._steps), list):
                for found in filter(None, map(self._ledger.listed, given)):
                    self._recovery.see(found)
                step = next
        except StopIteration:
            self._end(complete=True)
        else:
            self._ready.appendleft(Walk(given))

    def take(self, action: Walk, outcome: Any) -> None:
        """Take in what came of a page."""
        if self._steps is None:
            return
        try:
            if isinstance(outcome, Answer):
                self._go(lambda steps: steps.send(outcome.value))
            elif action.attempt < ATTEMPTS and not self._is_final(outcome):
                self._ready.appendleft(action._replace(attempt=action.attempt + 1))
            elif isinstance(outcome, ApiError):
                self._go(lambda steps: steps.throw(outcome))
            else:
                self._end(complete=False)
        except LeapError:
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
