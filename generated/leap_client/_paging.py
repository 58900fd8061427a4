# Generated from openapi.yaml by `make generate`. Do not edit.
"""Walking through all pages of a list whose server tells neither where it begins nor where it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from typing import Generic, TypeVar

from .errors import ApiError, BadRequestError, NotFoundError, ServerError

T = TypeVar("T")

# How many pages back an item is recognised. More would let memory grow with the list.
REMEMBERED_PAGES = 3


class Walk(Generic[T]):
    """Decides which page to ask for next, and which of its items are new.

    It begins at page 0, which a server that counts from 1 may refuse, leave empty or answer with page 1. It ends when
    the pages stop bringing news: at an empty page, or at the second repeated one, since a server that does not know
    `page` repeats itself for ever. A short last page is looked at once more, for items that came in the meantime.

    Args:
        key: Tells items apart.
        size: The size of page that was asked for; None if the server chooses it.
        filtered: Whether the server leaves items out, so that a page in the middle may be empty.
    """

    def __init__(self, key: Callable[[T], Hashable], size: int | None, *, filtered: bool) -> None:
        self._key = key
        self._size = size
        self._filtered = filtered
        self._recent: deque[set[Hashable]] = deque(maxlen=REMEMBERED_PAGES)
        self._stale = 0
        self._last: int | None = None
        self._last_is_full = False
        self._looked_again = False
        self.page = 0
        self.done = False

    def take(self, items: list[T]) -> list[T]:
        """Take in a page.

        Args:
            items: What is on it.

        Returns:
            What is new on it.
        """
        keys = [self._key(item) for item in items]
        new = [item for item, key in zip(items, keys, strict=True) if not any(key in page for page in self._recent)]
        if items:
            self._recent.append(set(keys))
        if new:
            self._last, self._last_is_full = self.page, self._size is not None and len(items) >= self._size
            self._stale, self._looked_again = 0, False
            self.page += 1
        else:
            self._bring_no_news(empty=not items)
        return new

    def _bring_no_news(self, *, empty: bool) -> None:
        self._stale += 1
        patience = 1 if empty and self.page > 0 and not self._filtered else 2
        if self._stale < patience and not self._looked_again:
            self.page += 1
        elif self._last is None or self._last_is_full or self._looked_again:
            self.done = True
        else:
            self._looked_again = True
            self.page = self._last

    def refused(self, error: ApiError) -> None:
        """Take in that the server refused a page.

        Args:
            error: Its answer.

        Raises:
            ApiError: The same, unless it may mean that there is no page 0.
        """
        if self.page > 0 or not isinstance(error, (BadRequestError, NotFoundError, ServerError)):
            raise error
        self.page = 1


def walk(fetch: Callable[[int], list[T]], steps: Walk[T]) -> Iterator[T]:
    """Yield each item of a list once, fetching pages as they are needed.

    Args:
        fetch: Fetches the page of a number.
        steps: Which pages to fetch.

    Yields:
        The items.
    """
    while not steps.done:
        try:
            items = fetch(steps.page)
        except ApiError as error:
            steps.refused(error)
        else:
            yield from steps.take(items)


async def walk_async(fetch: Callable[[int], Awaitable[list[T]]], steps: Walk[T]) -> AsyncIterator[T]:
    """Yield each item of a list once; see `walk`."""
    while not steps.done:
        try:
            items = await fetch(steps.page)
        except ApiError as error:
            steps.refused(error)
        else:
            for item in steps.take(items):
                yield item
