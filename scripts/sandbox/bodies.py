"""Jobs, and the JSON that describes them: the operations differ in the format of their timestamps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Undocumented fields of find-one, with observed values.
UNDOCUMENTED = {"sampler": "ddim", "isDeleted": False, "routedToQueue": "inference"}

Spelling = Callable[[datetime], str]


@dataclass(eq=False)
class Job:
    """A job; `created` and `made`, of its images, are dates, `starts` and `ends` are readings of the clock."""

    id: str
    model_id: str
    request: dict[str, Any]  # with the defaults of the service filled in
    created: datetime
    made: datetime
    starts: float
    ends: float
    fails: bool
    image_ids: list[str]  # in the order of their indices
    upscaling: str | None = "x1"


def describe(job: Job, folder: str | None, created: Spelling, made: Spelling) -> dict[str, Any]:
    """Describe a job; `folder` is the URL of its images, if there are any, which are listed in the order 0, 3, 2, 1."""
    images = [
        {"id": image_id, "uri": f"{folder}/{index}.png", "createdAt": made(job.made)}
        for index, image_id in enumerate(job.image_ids if folder else [])
    ]
    ordered = images[:1] + images[:0:-1]
    return {"id": job.id, "modelId": job.model_id, "createdAt": created(job.created), "images": ordered}


def milliseconds(time: datetime) -> str:
    """Format as `2023-02-10T08:08:25.842Z`."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"


def shortest(time: datetime) -> str:
    """Format as `2023-02-10T08:17:39.30755+00:00`, without trailing zeros."""
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "+00:00"


def postgresql(time: datetime) -> str:
    """Format as `2023-06-20 07:04:01.634307+00`."""
    return f"{time:%Y-%m-%d %H:%M:%S.%f}+00"
