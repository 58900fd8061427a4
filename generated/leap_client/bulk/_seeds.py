# Generated from openapi.yaml by `make generate`. Do not edit.
"""Drawing values without replacement, by arithmetic instead of memory."""

from __future__ import annotations

import math
import secrets


class Seeds:
    """A shuffled range: each number of a row leads to another value, and the same number to the same value.

    Args:
        low: The smallest value.
        high: The largest value.
        secret: What decides the order; the machines of one run share it.
    """

    def __init__(self, low: int, high: int, secret: int) -> None:
        self._low = low
        self._size = high - low + 1
        self._start = secret % self._size
        step = (secret // self._size) % self._size
        while math.gcd(step, self._size) != 1:
            step += 1
        self._step = step

    def value(self, number: int) -> int:
        """Give the value of a number.

        Raises:
            ValueError: There are not so many values.
        """
        if number >= self._size:
            raise ValueError(f"only {self._size} different values can be drawn; give the others in the input")
        return self._low + (self._start + number * self._step) % self._size


def secret() -> int:
    """Draw what decides the order of a run."""
    return secrets.randbits(128)
