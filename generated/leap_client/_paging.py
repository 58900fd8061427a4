# Generated from openapi.yaml by `make generate`. Do not edit.
"""Walking through all pages of a list whose server tells neither where it begins nor where it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Hashable, Iterator
from typing import Generic, TypeVar

from ._model import written
from .errors import ApiError, BadRequestError, DecodeError, NotFoundError, ServerError
from .types import UNSET

T = TypeVar("T")
R = TypeVar("R")

# Hands out either items or the number of the page to fetch next, and is sent the items of that page.
Steps = Generator[list[T] | int, list[T], R]

# How many pages back an item is recognised. More would let memory grow with the list.
REMEMBERED_PAGES = 3


class PageWalker(Generic[T]):
    """Decides which page to fetch next, and which of its items are new.

    - It begins at the first page that may be asked for. A server that counts from 1 may refuse page 0, fail on it,
      leave it empty or answer it with page 1.
    - It ends when the pages bring no more news: at an empty page, or at the second repeated one, since a server that
      does not know `page` repeats itself for ever.
    - A page that is not full may get more items while the consumer is busy with those that it had. So it is fetched
      again once the page after it is known.
    - An item whose key cannot be read is known by its page and by what it holds, so that none is lost. A page that says
      what a recent one said is that page, since the server may not know `page`.
    - What the consumer deletes moves the rest to earlier pages. So if the client has changed anything while the
      consumer was busy with a page, that page is fetched again, until it brings nothing new.

    Args:
        key: Tells items apart.
        first: The first page that may be asked for.
        size: How many items a full page has; None if the server decides.
        changes: Counts the requests by which the client may have changed something.
        filtered: Whether the server leaves items out, so that a page in the middle may be empty.
    """

    def __init__(
        self,
        key: Callable[[T], Hashable],
        first: int,
        size: int | None,
        changes: Callable[[], int],
        *,
        filtered: bool,
    ) -> None:
        self._key = key
        self._first = first
        self._size = size
        self._changes = changes
        self._filtered = filtered
        self._recent: deque[set[Hashable]] = deque(maxlen=REMEMBERED_PAGES)
        self._unkeyed: deque[tuple[int, list[str]]] = deque(maxlen=REMEMBERED_PAGES)

    def steps(self) -> Steps[T, None]:
        """Go from page to page.

        Yields:
            What is new, or the page to fetch next.

        Raises:
            ApiError: A page was refused, unless that may mean that there is no page 0.
        """
        page, repeated, fetched_again = self._first, 0, False
        items, unfilled = yield from self._begin()
        while True:
            if self._new(self._keyed(page, items)):
                pages, new = [page], []
                if unfilled is not None:
                    again = yield from self._fetch_again(unfilled)
                    pages, new = [unfilled, page], self._take(unfilled, again)
                yield from self._hand_out(new + self._take(page, items), pages)
                unfilled = page if self._is_unfilled(items) else None
                repeated, fetched_again = 0, False
            else:
                repeated += 1
                if repeated >= self._patience(page, items):
                    if unfilled is None or fetched_again:
                        break
                    new = self._take(unfilled, (yield unfilled))
                    if not new:
                        break
                    yield from self._hand_out(new, [unfilled])
                    page, repeated, fetched_again = unfilled, 0, True
            page += 1
            items = yield page

    def _hand_out(self, new: list[T], pages: list[int]) -> Steps[T, None]:
        """Hand out items, and then what has moved to their pages in the meantime."""
        while new:
            before = self._changes()
            yield new
            if self._changes() == before:
                return
            new = []
            for page in pages:
                new += self._take(page, (yield page))

    def _begin(self) -> Steps[T, tuple[list[T], int | None]]:
        """Fetch the first page, and tell which page is to be fetched again."""
        try:
            items = yield self._first
        except (BadRequestError, NotFoundError, ServerError) as error:
            if self._first > 0:
                raise
            return [], 0 if isinstance(error, ServerError) else None
        return items, None if items else self._first

    def _fetch_again(self, page: int) -> Steps[T, list[T]]:
        """Fetch the page before one with items, which shows what a full page is."""
        try:
            items = yield page
        except ServerError:
            if self._recent:
                raise
            return []  # it fails on page 0 and on no other
        self._size = self._size or len(items)
        return items

    def _patience(self, page: int, items: list[T]) -> int:
        """Return how many pages in a row have to bring no news for the walk to end."""
        return 1 if page > 0 and not items and not self._filtered else 2

    def _is_unfilled(self, items: list[T]) -> bool:
        return not self._size or len(items) < self._size

    def _new(self, keyed: dict[Hashable, T]) -> dict[Hashable, T]:
        """Return the items that are on none of the recent pages."""
        return {key: item for key, item in keyed.items() if not any(key in page for page in self._recent)}

    def _keyed(self, page: int, items: list[T]) -> dict[Hashable, T]:
        """Return the items of a page by their keys; one without, by its page and what it says."""
        keys: list[Hashable] = []
        for item in items:
            try:
                keys.append(self._key(item))
            except DecodeError:
                keys.append(UNSET)
        if UNSET in keys:
            said = [repr(written(item)) for item in items]
            same = next((number for number, words in self._unkeyed if words == said), None)
            if same is None:
                self._unkeyed.append((page, said))
                same = page
            odd = ((same, words, said[:index].count(words)) for index, words in enumerate(said))
            keys = [other if key is UNSET else key for key, other in zip(keys, odd, strict=True)]
        return dict(zip(keys, items, strict=True))

    def _take(self, page: int, items: list[T]) -> list[T]:
        """Take in a page, and give what is new on it."""
        keyed = self._keyed(page, items)
        new = self._new(keyed)
        if items:
            self._recent.append(set(keyed))
        self._size = self._size and max(self._size, len(items))
        return list(new.values())


def walk(fetch: Callable[[int], list[T]], plan: PageWalker[T]) -> Iterator[T]:
    """Yield each item of a list once, fetching pages as they are needed.

    Args:
        fetch: Fetches the page of a number.
        plan: Which pages to fetch.

    Yields:
        The items.
    """
    steps = plan.steps()
    step = next(steps, None)
    while step is not None:
        if isinstance(step, list):
            yield from step
            step = next(steps, None)
            continue
        try:
            items = fetch(step)
        except ApiError as error:
            step = steps.throw(error)
        else:
            step = _send(steps, items)


async def walk_async(fetch: Callable[[int], Awaitable[list[T]]], plan: PageWalker[T]) -> AsyncIterator[T]:
    """Yield each item of a list once; see `walk`."""
    steps = plan.steps()
    step = next(steps, None)
    while step is not None:
        if isinstance(step, list):
            for item in step:
                yield item
            step = next(steps, None)
            continue
        try:
            items = await fetch(step)
        except ApiError as error:
            step = steps.throw(error)
        else:
            step = _send(steps, items)


def _send(steps: Steps[T, None], items: list[T]) -> list[T] | int | None:
    try:
        return steps.send(items)
    except StopIteration:
        return None
