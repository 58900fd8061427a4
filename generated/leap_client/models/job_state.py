# Generated from openapi.yaml by `make generate`. Do not edit.
"""The enum `JobState`."""

from .._enums import OpenStrEnum


class JobState(OpenStrEnum):
    """Known values: queued, processing, finished, failed.

    A value that is not known here is kept as it is: it prints, compares and is sent like a member. So fields are of the
    type `JobState | str`, and a match over the known values has to say what becomes of others.
    """

    QUEUED = "queued"
    PROCESSING = "processing"
    FINISHED = "finished"
    FAILED = "failed"
