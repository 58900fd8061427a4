"""Finding the jobs of requests whose answer was lost.

A job is taken for that of a request if the list shows exactly one that repeats what was sent and is not older than the
request. That a job repeats *what was sent* is an assumption until the first answers of a run have shown it.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ._journal import Intent
from ._table import Table

# How far clocks may be apart as long as nothing is known of it, and how exactly it can be known.
UNKNOWN_SKEW = 300.0
PRECISION = 0.5


class Skew:
    """How far the server's clock is ahead of ours, at least; from what it said while we looked at our own.

    Args:
        least: What an earlier session of the same run has learned; its intents were written by the same clock.
    """

    def __init__(self, least: float | None = None) -> None:
        self._least = least

    @property
    def least(self) -> float | None:
        """By how many seconds it is ahead, at least; None if nothing is known of it."""
        return self._least

    def learn(self, said: float, received: float) -> None:
        """Take in that the server had said one time when we received it at another."""
        ahead = said - received
        self._least = ahead if self._least is None else max(self._least, ahead)

    def learn_date(self, headers: Mapping[str, str], received: float) -> None:
        """Take in the header Date of an answer."""
        try:
            date = email.utils.parsedate_to_datetime(headers.get("date", ""))
        except (TypeError, ValueError, OverflowError):
            return
        self.learn(date.timestamp(), received)

    def bounds(self, at: float) -> tuple[float, float]:
        """Give two times of the server: before the first one is before a moment of ours, from the second one is not."""
        if self._least is None:
            return at - UNKNOWN_SKEW, at + UNKNOWN_SKEW
        return at + self._least - PRECISION, at + self._least - PRECISION


class Listed(NamedTuple):
    """What the list says of a job: its id, what it repeats of its request, when it was made (None: not readable)."""

    id: str
    values: tuple[Any, ...]
    created: float | None
    job: Any


class Verdict(NamedTuple):
    """What a walk says of an open intent: the job to adopt, or whether it certainly made none; else it is unknown."""

    adopt: Listed | None = None
    absent: bool = False
    reason: str = ""


class Recovery:
    """One walk over the list, for all open intents together.

    Args:
        intents: The open intents.
        ids: The ids of all jobs that are known to belong to the run.
        recognised: The fields, by their names in JSON, by which a job is recognised.
        skew: The difference of the clocks.
    """

    def __init__(self, intents: Iterable[Intent], ids: Table, recognised: Iterable[str], skew: Skew) -> None:
        self._recognised = tuple(recognised)
        self._skew = skew
        self._ids = ids
        self._shown = Table()
        self._own_shown = 0
        self._intents: dict[tuple[Any, ...], list[Intent]] = {}
        self._matches: dict[tuple[Any, ...], list[Listed]] = {}
        for intent in intents:
            self._intents.setdefault(self._values(intent), []).append(intent)

    def _values(self, intent: Intent) -> tuple[Any, ...]:
        return tuple(intent.request.get(name) for name in self._recognised)

    def see(self, listed: Listed) -> None:
        """Take in a job of the list."""
        if self._shown.add(listed.id) > 1:
            return
        if listed.id in self._ids:
            self._own_shown += 1
        elif listed.values in self._intents:
            self._matches.setdefault(listed.values, []).append(listed)

    def verdicts(self, *, echoes: bool | None, complete: bool) -> Iterator[tuple[Intent, Verdict]]:
        """Judge each intent.

        Args:
            echoes: Whether jobs were seen to repeat what was sent; None if no answer has shown it yet.
            complete: Whether the walk came to its end.
        """
        all_shown = complete and self._own_shown >= len(self._ids)
        for values, intents in self._intents.items():
            for intent in intents:
                yield intent, self._judge(intent, len(intents), values, echoes=echoes, all_shown=all_shown)

    def _judge(
        self, intent: Intent, rivals: int, values: tuple[Any, ...], *, echoes: bool | None, all_shown: bool
    ) -> Verdict:
        if echoes is False:
            return Verdict(reason="the server does not repeat what was sent, so its job cannot be recognised")
        earliest, certain = self._skew.bounds(intent.at)
        possible = [each for each in self._matches.get(values, []) if each.created is None or each.created >= earliest]
        if not possible:
            doubt = "" if echoes else ", and no answer has shown yet whether it would"
            if not all_shown:
                doubt = ", nor all other jobs of the run"
            return Verdict(absent=not doubt, reason=f"the list does not show its job{doubt}")
        if rivals > 1 or len(possible) > 1:
            return Verdict(
                reason=f"{len(possible)} jobs on the list may be the one: {', '.join(e.id for e in possible)}"
            )
        if possible[0].created is None or possible[0].created < certain:
            return Verdict(reason=f"the job {possible[0].id} may be the one, or an older one")
        return Verdict(adopt=possible[0])


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
    """Give an attribute of a job; None if it cannot be read."""
    try:
        return getattr(job, name)
    except (AttributeError, ValueError):
        return None
