"""How the API describes a job: in three ways that differ in keys, their order, and the spelling of a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WISHES = ("prompt", "negativePrompt", "seed", "width", "height", "numberOfImages", "steps")

# Fields that no document mentions, with values as they were observed.
UNDOCUMENTED = {"sampler": "ddim", "isDeleted": False, "routedToQueue": "inference"}


@dataclass(eq=False)
class Job:
    """One job.

    Args:
        id: Its id.
        model_id: The model.
        request: What was asked for, with the service's own values for what was left out.
        webhook_url: Address to tell about the end.
        created: When it was submitted.
        made: When its images are made.
        starts: When it was submitted, by the sandbox's clock.
        ends: When it finishes or fails, by the sandbox's clock.
        fails: Whether it fails.
        image_ids: The ids of its images, in the order of their indices.
        upscaling: Its `upscalingOption`, if it has one.
        deleted: Whether it was deleted.
    """

    id: str
    model_id: str
    request: dict[str, Any]
    webhook_url: str | None
    created: datetime
    made: datetime
    starts: float
    ends: float
    fails: bool
    image_ids: list[str] = field(repr=False)
    upscaling: str | None = "x1"
    deleted: bool = False


def submitted(job: Job, state: str) -> dict[str, Any]:
    """Describe a job as the answer to its submission does; it has no images then."""
    return {"status": state, "id": job.id, **_common(job, milliseconds(job.created), [])}


def listed(job: Job, state: str, folder: str | None) -> dict[str, Any]:
    """Describe a job as an item of a list; `folder` is the address of its images, if there are any."""
    return {"id": job.id, "status": state, **_common(job, shortest(job.created), _images(job, folder, milliseconds))}


def found(job: Job, state: str, folder: str | None, workspace: str) -> dict[str, Any]:
    """Describe a job as find-one does, with all that no document mentions; `workspace` is the id of who pays."""
    owners = {"weightsId": job.model_id, "workspaceId": workspace}
    common = _common(job, shortest(job.created), _images(job, folder, postgresql), owners)
    upscaling = {} if job.upscaling is None else {"upscalingOption": job.upscaling}
    return {"id": job.id, "state": state, **common, **upscaling, **UNDOCUMENTED}


def _common(
    job: Job, created: str, images: list[dict[str, str]], owners: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Say what all descriptions say."""
    return {
        **{name: job.request[name] for name in WISHES},
        **(owners or {}),
        "createdAt": created,
        "promptStrength": job.request["promptStrength"],
        "images": images,
        "modelId": job.model_id,
    }


def _images(job: Job, folder: str | None, spell: Callable[[datetime], str]) -> list[dict[str, str]]:
    """List images as the service does: three come in the order 0, 2, 1."""
    if folder is None:
        return []
    made = spell(job.made)
    addresses = [f"{folder}/{index}.png" for index in range(len(job.image_ids))]
    pairs = zip(job.image_ids, addresses, strict=True)
    images = [{"id": image_id, "uri": uri, "createdAt": made} for image_id, uri in pairs]
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
