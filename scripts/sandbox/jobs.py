"""The service itself: jobs, the states they pass, and the four operations on them."""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from connexion.lifecycle import ConnexionResponse

from . import bodies
from .bodies import Job
from .facts import Facts

# A job with this in its prompt fails.
FAIL = "[fail]"
PAGE_SIZE = 20


class Refused(Exception):  # noqa: N818 - says what happened, not what is wrong
    """The service refuses a request, with a status and, where the status alone does not say it, what is wrong."""

    def __init__(self, status: int, message: str | list[str] | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


@dataclass
class Options:
    """How the sandbox behaves where that can be chosen."""

    seconds: float | tuple[float, float] = 0.0
    """How long a job takes; two numbers for anything between them, drawn for every job."""
    seed: int = 0
    """Where the random numbers start: ids, seeds, durations."""
    clock: Callable[[], float] = time.monotonic
    """What time it is, in seconds since any moment."""
    webhook_shape: Literal["flat", "succeeded", "state", "rotating"] = "flat"
    """How a delivery looks: the `flat` job, `succeeded` and job, `state` and job, or each in turn."""


class Jobs:
    """All jobs, and what the API can do with them; used in one event loop only."""

    def __init__(self, facts: Facts, options: Options) -> None:
        self.facts = facts
        self.image_origin = ""
        self.reset(options)

    def reset(self, options: Options) -> None:
        """Forget all jobs, and behave in another way."""
        self.options = options
        self.existing: dict[str, Job] = {}
        self.submitted: list[Job] = []
        self.unannounced: list[Job] = []
        self._dice = random.Random(options.seed)  # noqa: S311 - dice, not secrets
        self._workspace = self._new_id()
        self._zero, self._epoch = options.clock(), datetime.now(UTC)

    # The operations, by the names and the parameters of openapi.yaml.

    async def generate(self, model_id: str, body: dict[str, Any]) -> Any:
        """Submit a job."""
        self._check_model(model_id)
        job = self.create(model_id, body)
        self.submitted.append(job)
        if job.webhook_url:
            self.unannounced.append(job)
        # However quick the job is, it has only just been queued.
        return self._complete(bodies.submitted(job, self.facts.wait.pending[0]), job), 201

    async def list_all(
        self, model_id: str, *, only_finished: bool = False, page: int = 1, page_size: int | None = None
    ) -> Any:
        """List a page of jobs, oldest first."""
        self._check_model(model_id)
        jobs = [job for job in self.existing.values() if job.model_id == model_id]
        if only_finished:
            jobs = [job for job in jobs if self.folder(job)]
        shown = self.page(jobs, page, page_size)
        return [self._complete(bodies.listed(job, self.state(job), self.folder(job)), job) for job in shown]

    async def find_one(self, model_id: str, inference_id: str) -> Any:
        """Describe a job."""
        return self.describe(self._job(model_id, inference_id))

    async def delete(self, model_id: str, inference_id: str) -> Any:
        """Delete a job; there is no body in the answer."""
        job = self._job(model_id, inference_id)
        del self.existing[job.id]
        self.unannounced = [each for each in self.unannounced if each is not job]
        return ConnexionResponse(status_code=200)

    # What the other parts ask.

    def create(self, model_id: str, request: dict[str, Any]) -> Job:
        """Make a job."""
        filled = {**self.facts.defaults, "seed": self._dice.randrange(2**31, 2**53), **request}
        starts, seconds = self.options.clock(), self.options.seconds
        ends = starts + (self._dice.uniform(*seconds) if isinstance(seconds, tuple) else seconds)
        created = self._calendar(starts)
        # Every other job lacks the sixth digit, as every tenth real one does.
        missing = created.microsecond % 10 if len(self.existing) % 2 else 0
        job = Job(
            id=self._new_id(),
            model_id=model_id,
            request=filled,
            webhook_url=filled.pop("webhookUrl", None),
            created=created - timedelta(microseconds=missing),
            made=self._calendar(ends),
            starts=starts,
            ends=ends,
            fails=FAIL in filled["prompt"],
            image_ids=[self._new_id() for _ in range(filled["numberOfImages"])],
        )
        self.existing[job.id] = job
        return job

    def state(self, job: Job) -> str:
        """Tell where a job stands now; the states before the end share its time evenly."""
        now = self.options.clock()
        if now >= job.ends:
            return (self.facts.wait.failure if job.fails else self.facts.wait.success)[0]
        pending = self.facts.wait.pending
        return pending[int((now - job.starts) / (job.ends - job.starts) * len(pending))]

    def describe(self, job: Job) -> dict[str, Any]:
        """Describe a job as find-one and the webhooks do."""
        return self._complete(bodies.found(job, self.state(job), self.folder(job), self._workspace), job)

    def page(self, jobs: list[Job], page: int, size: int | None) -> list[Job]:
        """Cut a page out of the jobs; pages count from 1."""
        if page < 1:
            raise Refused(400, ["page must not be less than 1"])
        size = size or PAGE_SIZE
        return jobs[(page - 1) * size :][:size]

    def folder(self, job: Job) -> str | None:
        """Give the address of the folder with a job's images, if there are any."""
        there = self.state(job) in self.facts.wait.success
        return f"{self.image_origin}/image-gen-{job.id}/generated_images" if there else None

    def _check_model(self, model_id: str) -> None:
        if model_id not in self.facts.models:
            raise Refused(404, "Model not found")

    def _job(self, model_id: str, job_id: str) -> Job:
        self._check_model(model_id)
        job = self.existing.get(job_id)
        if job is None or job.model_id != model_id:
            raise Refused(404, "Inference not found")
        return job

    def _complete(self, body: dict[str, Any], job: Job) -> dict[str, Any]:
        """Add the fields that came into the document after this imitation was written."""
        asked = {name: value for name, value in job.request.items() if name in self.facts.entity["properties"]}
        return body | {name: value for name, value in {**self.facts.required, **asked}.items() if name not in body}

    def _new_id(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))

    def _calendar(self, now: float) -> datetime:
        return self._epoch + timedelta(seconds=now - self._zero)
