# Generated from openapi.yaml by `make generate`. Do not edit.
"""The enum `UpscalingOption`."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class UpscalingOption(StrEnum):
    """Known values: x1, x2, x4.

    A value that is not known here is kept as it is: it prints, compares and is sent like a member. So fields are of the
    type `UpscalingOption | str`, and a match over the known values has to say what becomes of others.
    """

    X1 = "x1"
    X2 = "x2"
    X4 = "x4"

    @classmethod
    def _missing_(cls, value: object) -> UpscalingOption | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        # By value: Python 3.11.0 to 3.11.3 pickle a member by a name that only known ones have.
        return type(self), (self._value_,)
