"""The service itself: jobs, their states, and the four operations."""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connexion.lifecycle import ConnexionResponse

from .bodies import UNDOCUMENTED, Job, Spelling, describe, milliseconds, postgresql, shortest
from .facts import Facts

# Makes a job fail if its prompt contains it.
FAIL = "[fail]"
PAGE_SIZE = 20
# The shapes of a webhook body: the job itself, or the job in an object with `succeeded` or `state`.
SHAPES = ("flat", "succeeded", "state")


class Refused(Exception):  # noqa: N818 - a response, not an error of the sandbox
    """The service refuses a request, with a status and, if the status alone does not say it, a message."""

    def __init__(self, status: int, message: str | list[str] | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


@dataclass
class Options:
    """The options of the sandbox."""

    seconds: float | tuple[float, float] = 0.0  # the duration of a job, or the bounds to draw it from
    seed: int = 0  # of the random numbers: ids, seeds, durations
    clock: Callable[[], float] = time.monotonic  # in seconds, from any starting point


class Jobs:
    """All jobs and the operations on them; not thread-safe, used in one event loop."""

    def __init__(self, facts: Facts, options: Options) -> None:
        self.facts = facts
        self.image_origin = ""
        self.announce: Callable[[Job], object] = lambda _: None
        self.reset(options)

    def reset(self, options: Options) -> None:
        """Forget all jobs, and take new options."""
        self.options = options
        self.existing: dict[str, Job] = {}
        self.submitted: list[Job] = []
        self._dice = random.Random(options.seed)  # noqa: S311 - dice, not secrets
        self._workspace = self._new_id()
        self._epoch = datetime.now(UTC) - timedelta(seconds=options.clock())

    # The operations, by the names and the parameters of openapi.yaml.

    async def generate(self, model_id: str, body: dict[str, Any]) -> Any:
        """Submit a job."""
        self._check_model(model_id)
        job = self.create(model_id, body)
        self.submitted.append(job)
        self.announce(job)
        queued = self.facts.wait.pending[0]  # however quick the job is
        return {**self._describe(job, queued, milliseconds, milliseconds), "status": queued}, 201

    async def list_all(
        self, model_id: str, *, only_finished: bool = False, page: int = 1, page_size: int | None = None
    ) -> Any:
        """List a page of jobs, oldest first."""
        self._check_model(model_id)
        jobs = [job for job in self.existing.values() if job.model_id == model_id]
        shown = [job for job in jobs if self.is_finished(job)] if only_finished else jobs
        states = [(job, self.state(job)) for job in self.page(shown, page, page_size)]
        return [{**self._describe(job, state, shortest, milliseconds), "status": state} for job, state in states]

    async def find_one(self, model_id: str, inference_id: str) -> Any:
        """Describe a job."""
        return self.describe(self._job(model_id, inference_id))

    async def delete(self, model_id: str, inference_id: str) -> Any:
        """Delete a job; the response has no body."""
        del self.existing[self._job(model_id, inference_id).id]
        return ConnexionResponse(status_code=200)

    # For the other modules.

    def create(self, model_id: str, request: dict[str, Any]) -> Job:
        """Create a job."""
        filled = {**self.facts.defaults, "seed": self._dice.randrange(2**31, 2**53), **request}
        starts, seconds = self.options.clock(), self.options.seconds
        ends = starts + (self._dice.uniform(*seconds) if isinstance(seconds, tuple) else seconds)
        created = self._epoch + timedelta(seconds=starts)
        # Every other job has five fractional digits, as one in ten of the real ones.
        missing = created.microsecond % 10 if len(self.existing) % 2 else 0
        job = Job(
            id=self._new_id(),
            model_id=model_id,
            request=filled,
            created=created - timedelta(microseconds=missing),
            made=self._epoch + timedelta(seconds=ends),
            starts=starts,
            ends=ends,
            fails=FAIL in filled["prompt"],
            image_ids=[self._new_id() for _ in range(filled["numberOfImages"])],
        )
        self.existing[job.id] = job
        return job

    def state(self, job: Job) -> str:
        """Return the current state of a job; the pending states share its duration evenly."""
        now, wait = self.options.clock(), self.facts.wait
        if now >= job.ends:
            return (wait.failure if job.fails else wait.success)[0]
        return wait.pending[int((now - job.starts) / (job.ends - job.starts) * len(wait.pending))]

    def describe(self, job: Job) -> dict[str, Any]:
        """Describe a job as find-one and the webhooks do, undocumented fields included."""
        state = self.state(job)
        owners = {"weightsId": job.model_id, "workspaceId": self._workspace}
        upscaling = {} if job.upscaling is None else {"upscalingOption": job.upscaling}
        body = self._describe(job, state, shortest, postgresql)
        return {**body, "state": state, **owners, **upscaling, **UNDOCUMENTED}

    def page(self, jobs: list[Job], page: int, size: int | None) -> list[Job]:
        """Return a page of jobs; pages count from 1."""
        if page < 1:
            raise Refused(400, ["page must not be less than 1"])
        size = size or PAGE_SIZE
        return jobs[(page - 1) * size :][:size]

    def is_finished(self, job: Job) -> bool:
        """Return whether a job has finished successfully."""
        return self.state(job) in self.facts.wait.success

    def shape(self, job: Job) -> str:
        """Choose the shape of a job's webhook: each in turn."""
        return SHAPES[self.submitted.index(job) % len(SHAPES)]

    def _check_model(self, model_id: str) -> None:
        if model_id not in self.facts.models:
            raise Refused(404, "Model not found")

    def _job(self, model_id: str, job_id: str) -> Job:
        self._check_model(model_id)
        job = self.existing.get(job_id)
        if job is None or job.model_id != model_id:
            raise Refused(404, "Inference not found")
        return job

    def _describe(self, job: Job, state: str, created: Spelling, made: Spelling) -> dict[str, Any]:
        """Describe a job, with the fields of its request, and samples of required fields that are unknown here."""
        asked = {name: value for name, value in job.request.items() if name in self.facts.fields}
        there = state in self.facts.wait.success
        folder = f"{self.image_origin}/image-gen-{job.id}/generated_images" if there else None
        return {**self.facts.required, **asked, **describe(job, folder, created, made)}

    def _new_id(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
