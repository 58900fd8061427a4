"""Watching many jobs with few requests: a page of the list tells of many jobs at once.

New jobs are expected at the end of the list. Where that is has to be searched for once; afterwards only the pages are
fetched that hold jobs which are still running. What the list does not show is asked for one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import NamedTuple

# The most that watching may ask for in a second, and the shortest time between two rounds.
RATE = 18.0
INTERVAL = 1.05
LONGEST_INTERVAL = 10.0
# The time after which to look at what is due when nothing was.
IDLE = 0.35
# Up to how many jobs are asked for one by one rather than by the list.
FEW = 3
PAGE_SIZE = 100
# How long the list may take to show a new job, and how long after a search a new one makes sense.
PATIENCE = 3.0
SEARCH_AGAIN = 15.0
# How many requests for a job are aimed at.
AIM = 2.0
LEARNING = 0.1
LARGEST_PAGE = 1 << 40


class Page(NamedTuple):
    """Fetch a page of the list."""

    number: int
    search: bool = False


class Look(NamedTuple):
    """Fetch one job."""

    id: str


@dataclass
class Watch:
    """A job that is watched: since when, on which page it was seen, when it was last and is next asked for alone."""

    since: float
    page: int | None = None
    looked: float = 0.0
    looks: int = 0


class Poller:
    """Decides what to fetch to learn of the end of many jobs.

    Args:
        first_page: The smallest number that a page may have.
        per_minute: How many requests are allowed in a minute; None for any number.
    """

    def __init__(self, first_page: int, per_minute: int | None) -> None:
        self._first = first_page
        self._pace = RATE if per_minute is None else min(RATE, per_minute / 120)
        self._watched: dict[str, Watch] = {}
        self._tail: int | None = None
        self._last: list[str] = []
        self._full = 1
        self._usable = True
        self._search: Generator[int, list[str], int] | None = None
        self._missed: Page | None = None
        self._back = 0
        self._searched = float("-inf")
        self._due = 0.0
        self._open: set[Page | Look] = set()
        self._usual = 10.0

    def __len__(self) -> int:
        return len(self._watched)

    def add(self, job: str, now: float, *, new: bool = True) -> None:
        """Watch a job; one that is not new may have ended already."""
        since = now if new else now - PATIENCE
        self._watched[job] = Watch(since=since, looked=since)
        if len(self._watched) == 1:
            self._due = now + INTERVAL if new else now

    def remove(self, job: str, now: float) -> None:
        """Watch a job no more, since it has ended."""
        watch = self._watched.pop(job, None)
        if watch is not None:
            self._usual += LEARNING * (now - watch.since - self._usual)

    def delay(self, now: float) -> float | None:
        """Tell in how many seconds there is something to fetch; None if an answer has to come first."""
        return None if self._open or not self._watched else max(0.0, self._due - now)

    def next(self, now: float) -> list[Page | Look]:
        """Give what to fetch now, all of a round at once."""
        if self.delay(now) != 0.0:
            return []
        targets = self._targets(now)
        self._due = now + (self._interval(len(targets)) if targets else IDLE)
        self._open.update(targets)
        return targets

    def _interval(self, targets: int) -> float:
        """Tell the time between rounds: short, but not for more requests than the rate or the aim for a job allow."""
        aimed = targets * self._usual / (AIM * max(1, len(self._watched)))
        return max(INTERVAL, targets / self._pace, min(aimed, 1.0 + 0.05 * self._usual, LONGEST_INTERVAL))

    def _targets(self, now: float) -> list[Page | Look]:
        if len(self._watched) <= FEW or not self._usable:
            return self._looks(self._watched, now, 0.0)
        lost = [job for job, watch in self._watched.items() if watch.page is None]
        if self._missed or self._tail is None or (lost and self._must_search(lost, now)):
            return self._begin_search(now)
        pages: dict[int, list[str]] = defaultdict(list)
        for job, watch in self._watched.items():
            if watch.page is not None:
                pages[watch.page].append(job)
        targets: list[Page | Look] = [
            Look(jobs[0]) if len(jobs) == 1 and page != self._tail else Page(page) for page, jobs in pages.items()
        ]
        late = [job for job in lost if now - self._watched[job].since >= PATIENCE]
        for page in {self._tail, self._page_before(self._tail)} if len(late) > FEW else {self._tail}:
            if lost and Page(page) not in targets:
                targets.append(Page(page))
        return targets + self._looks(late, now, PATIENCE)

    def _page_before(self, tail: int) -> int:
        """Choose one of the pages before the end, another one each time: jobs of an earlier run may be there."""
        self._back = self._back % (2 + 2 * len(self._watched) // self._full) + 1
        return max(self._first, tail - self._back)

    def _looks(self, jobs: Iterable[str], now: float, patience: float) -> list[Page | Look]:
        """Choose the jobs to ask for one by one: each ever more seldom, and no more than the rate allows."""
        due: list[tuple[float, str]] = []
        for job in jobs:
            watch = self._watched[job]
            pause = INTERVAL + 0.06 * (watch.looked - watch.since)
            if now - watch.since >= patience and now - watch.looked >= pause - 0.01:
                due.append((watch.looked, job))
        chosen = [job for _, job in sorted(due)[: max(1, int(self._pace))]]
        for job in chosen:
            self._watched[job].looked = now
        return [Look(job) for job in chosen]

    # Searching for the end of the list.

    def _must_search(self, lost: list[str], now: float) -> bool:
        """Tell whether so many jobs are not where they should be that the end must be elsewhere."""
        late = sum(now - self._watched[job].since > PATIENCE for job in lost)
        return late > len(self._watched) // 2 and now - self._searched > SEARCH_AGAIN

    def _begin_search(self, now: float) -> list[Page | Look]:
        if self._missed is not None and self._search is not None:
            missed, self._missed = self._missed, None
            return [missed]
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
        """Take in a page of the list; an empty one also stands for one that the server refuses.

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
        self._place(target.number, jobs)
        following: Page | None = None
        if target.search and self._search is not None:
            try:
                following = Page(self._search.send(jobs), search=True)
            except StopIteration as end:
                self._search, self._tail = None, end.value
                self._last = jobs if target.number == end.value else []
        elif self._tail is not None and target.number >= self._tail and jobs:
            following = self._beyond(target.number, jobs)
        self._full = max(self._full, len(jobs))
        if following is not None:
            self._open.add(following)
        elif target.search:
            self._due = now
        return following

    def _place(self, number: int, jobs: list[str]) -> None:
        """Remember which watched jobs are on a page, and which are not any more."""
        shown = set(jobs)
        for job, watch in self._watched.items():
            if job in shown:
                watch.page = number
            elif watch.page == number:
                watch.page = None

    def _beyond(self, number: int, jobs: list[str]) -> Page | None:
        """Move the end to a page behind it that has jobs, and look behind a full one if jobs are missing."""
        moved = number > (self._tail or 0)
        if moved:
            self._tail = number
        self._last = jobs
        missing = any(watch.page is None for watch in self._watched.values())
        return Page(number + 1) if missing and len(jobs) >= self._full else None

    def looked(self, target: Look) -> None:
        """Take in that one job was asked for."""
        self._open.discard(target)

    def failed(self, target: Page | Look, now: float) -> None:
        """Take in that something could not be fetched."""
        self._open.discard(target)
        if isinstance(target, Page) and target.search:
            self._missed = target
            self._due = now + IDLE

    def give_up_list(self) -> None:
        """Take in that the list cannot be used."""
        self._usable = False
        self.search_anew()

    def search_anew(self) -> None:
        """Forget a search that is under way: pages have another size from now on."""
        self._search = self._missed = None
