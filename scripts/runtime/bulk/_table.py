"""A table of counts that takes some twenty bytes an entry, where a dict takes a hundred."""

from __future__ import annotations

import hashlib
from array import array

SMALLEST = 1024


def digest(text: str) -> int:
    """Shorten text to 64 bits, none of them all zero: 0 marks a free slot."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) or 1


class Table:
    """Counts how often each of many texts was seen, by a hash of 64 bits.

    Two texts of a million share a hash with a probability of 1 to 30 million; whoever uses the table must be right, if
    not perfect, even then.
    """

    def __init__(self) -> None:
        self._used = 0
        self._clear(SMALLEST)

    def _clear(self, size: int) -> None:
        self._mask = size - 1
        self._keys = array("Q", bytes(8 * size))
        self._counts = array("L", bytes(array("L").itemsize * size))

    def __len__(self) -> int:
        return self._used

    def __contains__(self, text: str) -> bool:
        return self._keys[self._slot(digest(text))] != 0

    def add(self, text: str) -> int:
        """Count a text, and return how often it was seen, this time included."""
        if 3 * self._used > 2 * self._mask:
            self._grow()
        key = digest(text)
        slot = self._slot(key)
        if not self._keys[slot]:
            self._keys[slot] = key
            self._used += 1
        self._counts[slot] += 1
        return self._counts[slot]

    def _slot(self, key: int) -> int:
        slot = key & self._mask
        while self._keys[slot] not in {0, key}:
            slot = (slot + 1) & self._mask
        return slot

    def _grow(self) -> None:
        old = [self._keys, self._counts]
        self._clear(2 * (self._mask + 1))
        for key, count in zip(*old, strict=True):
            if key:
                slot = self._slot(key)
                self._keys[slot], self._counts[slot] = key, count
