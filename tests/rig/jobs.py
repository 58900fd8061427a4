"""The service as it might be, too: other pages, other bodies, and a list that does not show every job."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from connexion.lifecycle import ConnexionResponse

import sandbox
from sandbox.jobs import Jobs as Imitation
from sandbox.jobs import Refused

# Picks from all jobs, oldest first, those that the list shows now.
Shown = Callable[[list[sandbox.Job], float], list[sandbox.Job]]


def everything(jobs: list[sandbox.Job], now: float) -> list[sandbox.Job]:
    """Show every job."""
    del now
    return jobs


def hidden(share: float, *, seed: int = 0) -> Shown:
    """Show a share of the jobs less, and the same ones each time."""

    def shown(jobs: list[sandbox.Job], now: float) -> list[sandbox.Job]:
        del now
        return [job for job in jobs if random.Random(f"{seed}/{job.id}").random() >= share]  # noqa: S311 - dice

    return shown


def truncated(count: int) -> Shown:
    """Show the oldest jobs only, so many of them."""
    return lambda jobs, _: jobs[:count]


def delayed(seconds: float) -> Shown:
    """Show a job only so long after its submission, by the sandbox's clock."""
    return lambda jobs, now: [job for job in jobs if job.starts + seconds <= now]


@dataclass
class Options(sandbox.Options):
    """Everything that a test can choose, beyond what the sandbox has.

    Args:
        billing_limit: How many jobs may be submitted before a submission costs too much.
        post_status: Status of the answer to a submission.
        fail: Whether all jobs fail, and not only those whose prompt contains `[fail]`.
        page_base: Number of the first page.
        page_ignored: Whether every page is the first one.
        before_first: What a page before the first one is: an `error`, `empty`, or the `first` page.
        page_size: Jobs on a page when the request does not say; None for all of them.
        page_limit: Most jobs on a page, whatever the request says.
        shown: Which jobs the list shows, such as `hidden(0.1)`, `truncated(100)` or `delayed(5)`.
        delete_body: What a deletion answers: `nothing`, a `text`, or the `id` in an object.
        upscaling: The `upscalingOption` of jobs; None for bodies without it.
        image_format: What the image files are, by Pillow's name; their addresses say PNG all the same.
        ranges: Whether the image origin can send a part of a file.
        webhook_shape: How a delivery looks: the `flat` job, `succeeded` and job, `state` and job, or each in turn.
    """

    billing_limit: int | None = None
    post_status: Literal[200, 201] = 201
    fail: bool = False
    page_base: Literal[0, 1] = 1
    page_ignored: bool = False
    before_first: Literal["error", "empty", "first"] = "error"
    page_size: int | None = 20
    page_limit: int | None = None
    shown: Shown = everything
    delete_body: Literal["nothing", "text", "id"] = "nothing"
    upscaling: str | None = "x1"
    image_format: Literal["PNG", "JPEG", "WEBP"] = "PNG"
    ranges: bool = True
    webhook_shape: Literal["flat", "succeeded", "state", "rotating"] = "flat"


class Jobs(Imitation):
    """The jobs of the sandbox, behind a service that behaves as the options say."""

    options: Options

    async def generate(self, model_id: str, body: dict[str, Any]) -> Any:
        """Submit a job."""
        limit = self.options.billing_limit
        if limit is not None and len(self.submitted) >= limit:
            raise Refused(402, "The billing limit of the workspace is reached")
        answer, _ = await super().generate(model_id, body)
        return answer, self.options.post_status

    async def list_all(
        self, model_id: str, *, only_finished: bool = False, page: int | None = None, page_size: int | None = None
    ) -> Any:
        """List a page of jobs; the first one unless told otherwise."""
        number = self.options.page_base if page is None else page
        return await super().list_all(model_id, only_finished=only_finished, page=number, page_size=page_size)

    async def delete(self, model_id: str, inference_id: str) -> Any:
        """Delete a job, and answer it in one of three ways."""
        await super().delete(model_id, inference_id)
        bodies = {"text": "Inference deleted", "id": {"id": inference_id}}
        found = bodies.get(self.options.delete_body)
        return (found, 200) if found else ConnexionResponse(status_code=200)

    def create(self, model_id: str, request: dict[str, Any]) -> sandbox.Job:
        """Make a job."""
        job = super().create(model_id, request)
        job.fails, job.upscaling = job.fails or self.options.fail, self.options.upscaling
        return job

    def shape(self, job: sandbox.Job) -> str:
        """Choose how the end of a job is told."""
        wanted = self.options.webhook_shape
        return super().shape(job) if wanted == "rotating" else wanted

    def page(self, jobs: list[sandbox.Job], page: int, size: int | None) -> list[sandbox.Job]:
        """Cut a page out of the jobs that the list shows."""
        options = self.options
        jobs = options.shown(jobs, options.clock())
        sizes = [each for each in (size or options.page_size, options.page_limit) if each is not None]
        length = min(sizes, default=len(jobs))
        index = 0 if options.page_ignored else page - options.page_base
        if index < 0 and options.before_first == "error":
            raise Refused(400, [f"page must not be less than {options.page_base}"])
        if index < 0 and options.before_first == "empty":
            return []
        start = max(index, 0) * length
        return jobs[start : start + length]
