"""Finding the jobs of requests whose answer was lost.

A job is taken for that of a request if the list shows exactly one that repeats what was sent and is not older than the
request. That a job repeats *what was sent* is an assumption until the first answers of a run have shown it.

A request is taken to have made no job only if two complete walks agree, and

- both show every job that the run is known to have made,
- the second one shows everything that the first one has shown: what is deleted meanwhile moves other jobs to pages
  that a walk has passed, and
- no job that might be of the run, and is not known to be, looks anything like it.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .._paging import PageWalker, Steps
from .._retries import TOO_MANY_REQUESTS
from ..errors import ApiError, BadRequestError, ServerError, ServiceError
from ._actions import Action, Answer, Walk
from ._journal import Intent, State
from ._table import Table

if TYPE_CHECKING:
    from ._ledger import Ledger
    from ._plan import Plan

# Within how many seconds the times of a request and of its job are not told apart, where one must not be wrong. A
# service may cut the fraction off.
VAGUE = 2.0
PRECISION = 0.5
ATTEMPTS = 4


class Listed(NamedTuple):
    """What the list says of a job: its id, what it repeats of its request, when it was made (None: not readable)."""

    id: str
    values: tuple[Any, ...]
    created: float | None
    job: Any


class Verdict(NamedTuple):
    """What a walk says of an open intent: the job to adopt, or whether it shows none; else it is unknown."""

    adopt: Listed | None = None
    absent: bool = False
    reason: str = ""


class Search:
    """What one walk over the list shows, for all open intents together.

    Args:
        intents: The open intents.
        state: What is known of the run.
        recognised: The fields, by their names in JSON, by which a job is recognised.
        drawn: The one of them that may be drawn.
        before: What an earlier walk for the same intents has shown.
    """

    def __init__(
        self, intents: Iterable[Intent], state: State, recognised: Iterable[str], drawn: str, before: Table | None
    ) -> None:
        self.intents = list(intents)
        self.shown = Table()
        self._state = state
        self._recognised = tuple(recognised)
        self._drawn = self._recognised.index(drawn)
        self._before = before
        self._own_shown = self._again_shown = 0
        wanted = [intent.values(self._recognised) for intent in self.intents]
        self._matches: dict[tuple[Any, ...], list[Listed]] = {values: [] for values in wanted}
        # Jobs with the same drawn field: a service might repeat the others in another spelling.
        self._similar: dict[Any, list[Listed]] = {values[self._drawn]: [] for values in wanted}

    def see(self, listed: Listed) -> None:
        """Record a job of the list."""
        if self.shown.add(listed.id) > 1:
            return
        self._again_shown += self._before is not None and listed.id in self._before
        if listed.id in self._state.ids:
            self._own_shown += 1
        elif listed.values in self._matches:
            self._matches[listed.values].append(listed)
        elif listed.values[self._drawn] in self._similar:
            self._similar[listed.values[self._drawn]].append(listed)

    def verdicts(self, *, complete: bool) -> Iterator[tuple[Intent, Verdict]]:
        """Judge each intent.

        Args:
            complete: Whether the walk came to its end.
        """
        state = self._state
        rivals = dict.fromkeys(self._matches, 0)
        for intent in self.intents:
            rivals[intent.values(self._recognised)] += 1
        doubt = ""
        if not complete or self._own_shown < len(state.ids):
            doubt = ", nor all other jobs of the run"
        elif self._before is not None and self._again_shown < len(self._before):
            doubt = ", and jobs have vanished from the list meanwhile"
        elif not state.echoes:
            doubt = ", and no answer has shown yet whether it would"
        for intent in self.intents:
            yield intent, self._judge(intent, rivals[intent.values(self._recognised)], doubt)

    def _judge(self, intent: Intent, rivals: int, doubt: str) -> Verdict:
        if self._state.echoes is False:
            return Verdict(reason="the server does not repeat what was sent, so its job cannot be recognised")
        values = intent.values(self._recognised)
        possible = [each for each in self._matches[values] if not self._older(each, intent)]
        if possible and max(rivals, len(possible)) > 1:
            ids = ", ".join(each.id for each in possible)
            return Verdict(reason=f"{len(possible)} jobs on the list may be the one: {ids}")
        if possible:
            (found,) = possible
            if intent.drawn or self._younger(found, intent):
                return Verdict(adopt=found)
            return Verdict(reason=f"the job {found.id} may be the one, or an older one")
        if similar := [each for each in self._similar[values[self._drawn]] if not self._older(each, intent)]:
            doubt = f", but {similar[0].id}, which may be the one if the server has changed what was sent"
        return Verdict(absent=not doubt, reason=f"the list does not show its job{doubt}")

    def _lead(self, listed: Listed, intent: Intent) -> float | None:
        """Return how many seconds after a request a job was made, at most; None if the clocks cannot be compared."""
        ahead = self._state.ahead.get(intent.epoch)
        return None if ahead is None or listed.created is None else listed.created - intent.at - ahead

    def _older(self, listed: Listed, intent: Intent) -> bool:
        """Return whether a job was certainly made before a request."""
        lead = self._lead(listed, intent)
        return lead is not None and lead < -VAGUE

    def _younger(self, listed: Listed, intent: Intent) -> bool:
        """Return whether a job was made after a request."""
        lead = self._lead(listed, intent)
        return lead is not None and lead >= -PRECISION


class Recoverer:
    """Walks over the list for all open intents together, and judges each.

    Args:
        ledger: What is known of each row.
        plan: What is run.
        settle: Seconds that a job may take to appear on the list.
        resubmit: Whether it matters which requests made no job.
        ready: Where actions go that are to be begun.
        clock: A clock that only goes forward.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # what the engine has
        self,
        ledger: Ledger,
        plan: Plan,
        settle: float,
        resubmit: bool,  # noqa: FBT001  # one of the options
        ready: deque[Action],
        clock: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._plan = plan
        self._settle = settle
        self._resubmit = resubmit
        self._ready = ready
        self._clock = clock
        self._search: Search | None = None
        self._first: Search | None = None
        self._steps: Steps[Any, None] | None = None
        self._judged: set[tuple[int, float]] = set()
        # What an earlier session has sent may be on its way until now.
        self._lost = clock()
        self.verdicts: deque[tuple[Intent, Verdict]] = deque()

    def lose(self) -> None:
        """Record that the answer to a request was lost."""
        self._lost = self._clock()

    @property
    def walking(self) -> bool:
        """Whether a walk is under way."""
        return self._steps is not None

    def waiting(self) -> list[Intent]:
        """Return the open intents that are not judged yet."""
        return [each for each in self._ledger.state.open.values() if (each.index, each.at) not in self._judged]

    def delay(self) -> float:
        """Return in how many seconds all of them have settled."""
        return max(0.0, self._lost + self._settle - self._clock())

    def begin(self) -> None:
        """Begin a walk for all intents that wait for one."""
        self._ledger.learn()
        plan, first = self._plan, self._first
        waiting = self.waiting()
        if first is not None and {each.index for each in waiting} != {each.index for each in first.intents}:
            first = self._first = None
        before = first.shown if first else None
        self._search = Search(waiting, self._ledger.state, plan.recognised, plan.drawn, before)
        # Nothing is deleted by us on the way.
        walker: PageWalker[Any] = PageWalker(self._key, plan.rules.first_page, None, lambda: 0, filtered=False)
        self._steps = walker.steps()
        self._go(next)

    def _key(self, job: Any) -> Any:
        return readable(job, self._plan.rules.key)

    def _go(self, step: Callable[[Steps[Any, None]], Any]) -> None:
        """Take a step of the walk, and those that need no request."""
        if self._steps is None or self._search is None:
            return
        try:
            while isinstance(given := step(self._steps), list):
                for found in filter(None, map(self._ledger.listed, given)):
                    self._search.see(found)
                step = next
        except StopIteration:
            self._end(complete=True)
        else:
            self._ready.appendleft(Walk(given))

    def take(self, action: Walk, outcome: Any) -> None:
        """Record the outcome of fetching a page."""
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
        except ServiceError:
            self._end(complete=False)

    @staticmethod
    def _is_final(outcome: Any) -> bool:
        """Return whether the same request would bring the same again."""
        return isinstance(outcome, BadRequestError) or (
            isinstance(outcome, ApiError)
            and not isinstance(outcome, ServerError)
            and outcome.status_code != TOO_MANY_REQUESTS
        )

    def _end(self, *, complete: bool) -> None:
        search, self._search, self._steps = self._search, None, None
        if search is None:
            return
        again = []
        for intent, verdict in search.verdicts(complete=complete):
            if verdict.absent and self._resubmit and self._first is None:
                again.append(intent)
            else:
                self._judged.add((intent.index, intent.at))
                self.verdicts.append((intent, verdict))
        self._first = None
        if again:
            search.intents = again
            self._first = search
            self.lose()


def listed(job: Any, *, key: str, recognised: Iterable[str], created: str) -> Listed | None:
    """Read of a job what recovery has to know; None if it has no id that can be read.

    Args:
        job: The job.
        key: The attribute with its id.
        recognised: The attributes that repeat what was sent.
        created: The attribute that tells when it was made.
    """
    identity = readable(job, key)
    if not isinstance(identity, str) or not identity:
        return None
    moment = readable(job, created)
    seconds = moment.timestamp() if isinstance(moment, dt.datetime) and moment.tzinfo else None
    return Listed(identity, tuple(readable(job, name) for name in recognised), seconds, job)


def readable(job: Any, name: str) -> Any:
    """Return an attribute of a job; None if it cannot be read."""
    try:
        return getattr(job, name)
    except (AttributeError, ValueError):
        return None
