"""How the API describes a job: in three ways that differ in keys, their order, and the spelling of a moment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WISHES = ("prompt", "negativePrompt", "seed", "width", "height", "numberOfImages", "steps")

# Fields that no document mentions, with values as they were observed.
UNDOCUMENTED = {"sampler": "ddim", "isDeleted": False, "routedToQueue": "inference"}


@dataclass(eq=False)
class Job:
    """One job; it is `created` and its images are `made` by the calendar, it `starts` and `ends` by a clock."""

    id: str
    model_id: str
    request: dict[str, Any]  # with the service's own values for what was left out
    webhook_url: str | None
    created: datetime
    made: datetime
    starts: float
    ends: float
    fails: bool
    image_ids: list[str] = field(repr=False)  # in the order of their indices
    upscaling: str | None = "x1"


def submitted(job: Job, state: str) -> dict[str, Any]:
    """Describe a job as the answer to its submission does; it has no images then."""
    return {"status": state, "id": job.id, **_common(job, milliseconds(job.created), [])}


def listed(job: Job, state: str, folder: str | None) -> dict[str, Any]:
    """Describe a job as an item of a list; `folder` is the address of its images, if there are any."""
    return {"id": job.id, "status": state, **_common(job, shortest(job.created), _images(job, folder, milliseconds))}


def found(job: Job, state: str, folder: str | None, workspace: str) -> dict[str, Any]:
    """Describe a job as find-one does, with all that no document mentions; `workspace` is the id of who pays."""
    images = _images(job, folder, postgresql)
    common = _common(job, shortest(job.created), images, weightsId=job.model_id, workspaceId=workspace)
    upscaling = {} if job.upscaling is None else {"upscalingOption": job.upscaling}
    return {"id": job.id, "state": state, **common, **upscaling, **UNDOCUMENTED}


def _common(job: Job, created: str, images: list[dict[str, str]], **owners: str) -> dict[str, Any]:
    """Say what all descriptions say."""
    return {
        **{name: job.request[name] for name in WISHES},
        **owners,
        "createdAt": created,
        "promptStrength": job.request["promptStrength"],
        "images": images,
        "modelId": job.model_id,
    }


def _images(job: Job, folder: str | None, spell: Callable[[datetime], str]) -> list[dict[str, str]]:
    """List images as the service does: three come in the order 0, 2, 1."""
    if folder is None:
        return []
    images = [
        {"id": image_id, "uri": f"{folder}/{index}.png", "createdAt": spell(job.made)}
        for index, image_id in enumerate(job.image_ids)
    ]
    return images[:1] + images[:0:-1]


def milliseconds(time: datetime) -> str:
    """Spell `2023-02-10T08:08:25.842Z`."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"


def shortest(time: datetime) -> str:
    """Spell `2023-02-10T08:17:39.30755+00:00`, without the zeros that would follow."""
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "+00:00"


def postgresql(time: datetime) -> str:
    """Spell `2023-06-20 07:04:01.634307+00`."""
    return f"{time:%Y-%m-%d %H:%M:%S.%f}+00"
