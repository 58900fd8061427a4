# Generated from openapi.yaml by `make generate`. Do not edit.
"""The enum `UpscalingOption`."""

from __future__ import annotations

from enum import StrEnum


class UpscalingOption(StrEnum):
    """Known values: x1, x2, x4.

    A value that is not known here is kept as it is: it prints, compares and is sent like a member.
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
