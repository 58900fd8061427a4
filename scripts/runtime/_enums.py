"""Enums whose known values are not all there are: a value that is not known is kept as it is."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any, Self


class OpenStrEnum(StrEnum):
    """An enum of strings; a value that is not known prints, compares and is sent like a member."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = unknown._value_ = value
        return unknown

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        # By value: Python 3.11.0 to 3.11.3 pickle a member by a name that only known ones have.
        return type(self), (self._value_,)


class OpenIntEnum(IntEnum):
    """An enum of integers; a value that is not known prints, compares and is sent like a member."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = str(value)
        unknown._value_ = value
        return unknown

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        return type(self), (self._value_,)  # as above
