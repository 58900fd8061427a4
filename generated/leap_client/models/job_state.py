# Generated from openapi.yaml by `make generate`. Do not edit.
"""The enum `JobState`."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """Known values: queued, processing, finished, failed.

    A value that is not known here is kept as it is: it prints, compares and is sent like a member. So fields are of the
    type `JobState | str`, and a match over the known values has to say what becomes of others.
    """

    QUEUED = "queued"
    PROCESSING = "processing"
    FINISHED = "finished"
    FAILED = "failed"

    @classmethod
    def _missing_(cls, value: object) -> JobState | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        # By value: Python 3.11.0 to 3.11.3 pickle a member by a name that only known ones have.
        return type(self), (self._value_,)
