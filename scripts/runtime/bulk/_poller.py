"""Watching many jobs with few requests: a page of the list tells of many jobs at once.

New jobs are expected at the end of the list. Where that is has to be searched for once; afterwards only the pages are
fetched that hold jobs which may have ended. What the list does not show is asked for one by one.

How often a page is fetched follows from the ages of its jobs: a job that has been watched for ten seconds can wait a
little longer for the next look. Where that would be more requests than the rate allows, those pages come first whose
jobs have waited longest, all of them together.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from . import _gate

PAGE_SIZE = 100
LARGEST_PAGE = 1 << 40
# How often to look at what is due.
TICK = 0.1
# The most requests in a second except for some that may come at once, the fewest, and how many are aimed at for a job.
MOST, FEWEST, AIM = 17.5, 2.0, 2.0
AT_ONCE = 2.5
# Between two requests for a page: this share of the age of its jobs. For one job: half of its age, up to a second.
SHARE, LONGEST = 0.04, 2.0
LOOK_SHARE, LONGEST_LOOK = 0.5, 1.05
# How much sooner it is a page's turn if more jobs wait for it: little, for the last ones of a page are about to end.
CROWD = 0.25
# Up to how many jobs are asked for one by one rather than by the list.
FEW = 3
# How long the list may take to show a new job, and how long after a search a new one makes sense.
PATIENCE = 1.0
SEARCH_AGAIN = 15.0
# From how many jobs to learn how long one takes, and which share of them may have ended before anybody asks.
SAMPLE, ENOUGH, QUICKEST = 1000, 20, 0.05


class Page(NamedTuple):
    """Fetch a page of the list."""

    number: int
    search: bool = False


class Look(NamedTuple):
    """Fetch one job."""

    id: str


@dataclass(slots=True)
class Watch:
    """A job that is watched: since when, when it was asked about last and before, where it is, or whether nowhere."""

    since: float
    asked: float
    before: float
    new: bool
    page: int | None = None
    missing: bool = False


class Poller:
    """Decides what to fetch to learn of the end of many jobs.

    Args:
        first_page: The smallest number that a page may have.
        per_minute: How many requests are allowed in a minute, half of them for watching; None for any number.
    """

    def __init__(self, first_page: int, per_minute: int | None) -> None:
        self._first = first_page
        self._most = MOST if per_minute is None else min(MOST, per_minute / _gate.WINDOW / 2)
        self._watched: dict[str, Watch] = {}
        self._durations: deque[float] = deque(maxlen=SAMPLE)
        self._soonest = 0.0
        self._due = self._counted = 0.0
        self._allowed = 1.0
        self._open: set[Page | Look] = set()
        self._usable = True
        # Where the list ends, what was there, how many jobs a page has, and which page to go back to next.
        self._tail: int | None = None
        self._last: list[str] = []
        self._full = 1
        self._back: Iterator[int] | None = None
        self._backward: int | None = None
        self._search: Generator[int, list[str], int] | None = None
        self._interrupted: Page | None = None
        self._searched = float("-inf")

    def __len__(self) -> int:
        return len(self._watched)

    def add(self, job: str, now: float, *, new: bool = True) -> None:
        """Watch a job; one that is not new may have ended already, and may be anywhere on the list."""
        self._watched[job] = Watch(now, now if new else now - LONGEST, now, new)

    def remove(self, job: str) -> None:
        """Watch a job no more, since it has ended."""
        watch = self._watched.pop(job, None)
        if watch is not None and watch.new:
            # At that time it had not ended.
            self._durations.append(watch.before - watch.since)

    def delay(self, now: float) -> float | None:
        """Return in how many seconds to ask for what is due; None if nothing is watched."""
        return max(0.0, self._due - now) if self._watched else None

    def next(self, now: float) -> list[Page | Look]:
        """Return what to fetch now, the most urgent first."""
        if self.delay(now) != 0.0:
            return []
        self._due = now + TICK
        if len(self._durations) >= ENOUGH:
            self._soonest = sorted(self._durations)[int(QUICKEST * len(self._durations))]
        self._allowed = min(self._allowed + self._rate(now) * (now - self._counted), AT_ONCE)
        self._counted = now
        if self._allowed < 1:
            targets = []
        elif self._by_list() and self._needs_search(now):
            targets = self._begin_search(now)
        else:
            targets = self._most_urgent(now)
        self._open.update(targets)
        self._allowed -= len(targets)
        return targets

    def _rate(self, now: float) -> float:
        """Return how many requests a second are right for so many jobs, and for how long those take."""
        ages = self._durations or [now - watch.since for watch in self._watched.values()]
        usual = max(fmean(ages), TICK)
        return min(self._most, max(FEWEST, AIM * len(self._watched) / usual))

    def _by_list(self) -> bool:
        return self._usable and len(self._watched) > FEW

    def _most_urgent(self, now: float) -> list[Page | Look]:
        urgent: list[tuple[float, Page | Look, list[Watch]]] = []
        for target, watches in self._groups(now):
            waited = now - min(watch.asked for watch in watches)
            age = now - fmean(watch.since for watch in watches)
            page = isinstance(target, Page)
            pause = min(SHARE * age, LONGEST) if page else min(LOOK_SHARE * age, LONGEST_LOOK)
            if target not in self._open and waited >= max(pause, TICK) - TICK / 10:
                urgent.append((waited * len(watches) ** CROWD, target, watches))
        urgent.sort(key=lambda each: each[0], reverse=True)
        chosen = urgent[: int(self._allowed)]
        for _, _, watches in chosen:
            for watch in watches:
                watch.before, watch.asked = watch.asked, now
        targets = [target for _, target, _ in chosen]
        if self._backward is not None and not {Page(self._backward)} & {*targets, *self._open}:
            targets.insert(0, Page(self._backward))
        return targets

    def _groups(self, now: float) -> Iterator[tuple[Page | Look, list[Watch]]]:
        """Yield each request that tells of jobs which may have ended, and those jobs."""
        by_list = self._by_list()
        pages: dict[int, list[Watch]] = defaultdict(list)
        single: dict[int, str] = {}
        for job, watch in self._watched.items():
            if not self._may_have_ended(watch, now):
                continue
            page = self._next if watch.page is None else watch.page
            if watch.missing or not by_list:
                yield Look(job), [watch]
            elif page is not None:
                pages[page].append(watch)
                single[page] = job
        for page, watches in pages.items():
            alone = len(watches) == 1 and page != self._next
            yield (Look(single[page]) if alone else Page(page)), watches

    def _may_have_ended(self, watch: Watch, now: float) -> bool:
        return now - watch.since >= self._soonest or not watch.new

    @property
    def _next(self) -> int | None:
        """The page on which to expect jobs that were not seen yet."""
        return None if self._tail is None else self._tail + (len(self._last) >= self._full)

    # Searching for the end of the list.

    def _needs_search(self, now: float) -> bool:
        """Return whether the end is not known, or so many jobs are missing that it must be elsewhere."""
        if self._search is not None:
            return self._interrupted is not None
        if self._tail is None:
            return True
        missing = sum(watch.missing for watch in self._watched.values())
        return missing > len(self._watched) // 2 and now - self._searched > SEARCH_AGAIN

    def _begin_search(self, now: float) -> list[Page | Look]:
        if self._search is not None and self._interrupted is not None:
            page, self._interrupted = self._interrupted, None
            return [page]
        self._searched = now
        self._search = self._searching()
        return [Page(next(self._search), search=True)]

    def _searching(self) -> Generator[int, list[str], int]:
        """Find the last page that is not empty, by doubling and halving.

        A server that does not know pages repeats the first one for ever; then the first one is all there is.
        """
        page = max(1, self._first)
        items = yield page
        if not items:
            before = (yield self._first) if page > self._first else []
            return self._first if before else page
        start = items
        while True:
            beyond = 2 * page
            items = yield beyond
            if not items or items == start or beyond > LARGEST_PAGE:
                break
            page = beyond
        while beyond - page > 1:
            middle = (page + beyond) // 2
            items = yield middle
            if items and items != start:
                page = middle
            else:
                beyond = middle
        return page

    # What answers tell.

    def page(self, target: Page, jobs: list[str], now: float) -> Page | None:
        """Record a page of the list; an empty one also stands for one that the server refuses.

        Args:
            target: The page.
            jobs: The ids of the jobs on it.
            now: The time.

        Returns:
            The page to fetch right away; None if there is none.
        """
        self._open.discard(target)
        if self._tail is not None and target.number > self._tail and jobs == self._last:
            jobs = []  # the server repeats itself rather than say that there is no such page
        self._place(target.number, jobs, now)
        self._full = max(self._full, len(jobs))
        following: Page | None = None
        if target.search and self._search is not None:
            following = self._continue_search(target.number, jobs)
        elif target.number == self._backward:
            self._go_back(now)
        elif self._tail is not None and target.number >= self._tail:
            following = self._beyond(target.number, jobs, now)
        if following is None or self._allowed < 1:
            self._interrupted = following if following and following.search else None
            return None
        self._open.add(following)
        self._allowed -= 1
        return following

    def _continue_search(self, number: int, jobs: list[str]) -> Page | None:
        try:
            return Page(self._search.send(jobs), search=True) if self._search else None
        except StopIteration as end:
            self._search, self._tail = None, end.value
            self._last = jobs if number == end.value else []
            self._due = 0.0
            return None

    def _place(self, number: int, jobs: list[str], now: float) -> None:
        """Remember which watched jobs are on a page, and which are not any more."""
        shown = set(jobs)
        for job, watch in self._watched.items():
            if job in shown:
                if watch.page is None:
                    watch.asked = now
                watch.page, watch.missing = number, False
            elif watch.page == number:
                watch.page = None

    def _lost(self, now: float) -> list[Watch]:
        """Return the jobs that the end of the list should have shown by now."""
        unseen = (watch for watch in self._watched.values() if watch.page is None and not watch.missing)
        return [watch for watch in unseen if not watch.new or now - watch.since > PATIENCE]

    def _beyond(self, number: int, jobs: list[str], now: float) -> Page | None:
        """Move the end to a page behind it that has jobs; look behind a full one, and go back, if jobs are missing."""
        if jobs:
            self._tail, self._last = number, jobs
            if len(jobs) >= self._full:
                unseen = [each for each in self._watched.values() if each.page is None and not each.missing]
                for each in unseen:
                    each.asked = each.before
                return Page(number + 1) if any(self._may_have_ended(each, now) for each in unseen) else None
        if self._backward is None and self._lost(now):
            depth = 2 + 2 * len(self._watched) // self._full
            tail = self._tail or self._first
            self._back = iter(range(tail - 1, max(self._first, tail - depth) - 1, -1))
            self._go_back(now)
        return None

    def _go_back(self, now: float) -> None:
        """Choose the page to look for lost jobs on; after the last one, give them up as not on the list."""
        lost = self._lost(now)
        self._backward = next(self._back, None) if self._back and len(lost) > FEW else None
        if self._backward is None:
            self._back = None
            for watch in lost:
                watch.missing = True

    def looked(self, target: Look) -> None:
        """Record that one job was asked for."""
        self._open.discard(target)

    def failed(self, target: Page | Look, now: float) -> None:
        """Record that something could not be fetched."""
        self._open.discard(target)
        if isinstance(target, Page) and target.search:
            self._interrupted = target
        elif isinstance(target, Page) and target.number == self._backward:
            self._go_back(now)

    def give_up_list(self) -> None:
        """Record that the list cannot be used."""
        self._usable = False
        self.search_anew()

    def search_anew(self) -> None:
        """Forget a search that is under way: pages have another size from now on."""
        self._search = self._interrupted = None
        self._tail = self._backward = self._back = None
