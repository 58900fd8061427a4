# Generated from openapi.yaml by `make generate`. Do not edit.
"""The enum `UpscalingOption`."""

from .._enums import OpenStrEnum


class UpscalingOption(OpenStrEnum):
    """Known values: x1, x2, x4.

    A value that is not known here is kept as it is: it prints, compares and is sent like a member. So fields are of the
    type `UpscalingOption | str`, and a match over the known values has to say what becomes of others.
    """

    X1 = "x1"
    X2 = "x2"
    X4 = "x4"
