"""The service itself: jobs, the states they pass, and the four operations on them."""

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

# A job with this in its prompt fails.
FAIL = "[fail]"
PAGE_SIZE = 20
# How the end of a job is told: as the job alone, beside whether it succeeded, or beside its state.
SHAPES = ("flat", "succeeded", "state")


class Refused(Exception):  # noqa: N818 - says what happened, not what is wrong
    """The service refuses a request, with a status and, where the status alone does not say it, what is wrong."""

    def __init__(self, status: int, message: str | list[str] | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


@dataclass
class Options:
    """How the sandbox behaves where that can be chosen."""

    seconds: float | tuple[float, float] = 0.0  # the time that a job takes; of two numbers, any between them
    seed: int = 0  # where the random numbers start: ids, seeds, durations
    clock: Callable[[], float] = time.monotonic  # seconds since any moment


class Jobs:
    """All jobs, and what the API can do with them; used in one event loop only."""

    def __init__(self, facts: Facts, options: Options) -> None:
        self.facts = facts
        self.image_origin = ""
        self.announce: Callable[[Job], object] = lambda _: None
        self.reset(options)

    def reset(self, options: Options) -> None:
        """Forget all jobs, and behave in another way."""
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
        """Delete a job; there is no body in the answer."""
        del self.existing[self._job(model_id, inference_id).id]
        return ConnexionResponse(status_code=200)

    # What the other parts ask.

    def create(self, model_id: str, request: dict[str, Any]) -> Job:
        """Make a job."""
        filled = {**self.facts.defaults, "seed": self._dice.randrange(2**31, 2**53), **request}
        starts, seconds = self.options.clock(), self.options.seconds
        ends = starts + (self._dice.uniform(*seconds) if isinstance(seconds, tuple) else seconds)
        created = self._epoch + timedelta(seconds=starts)
        # Every other job lacks the sixth digit, as every tenth real one does.
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
        """Tell where a job stands now; the states before the end share its time evenly."""
        now, wait = self.options.clock(), self.facts.wait
        if now >= job.ends:
            return (wait.failure if job.fails else wait.success)[0]
        return wait.pending[int((now - job.starts) / (job.ends - job.starts) * len(wait.pending))]

    def describe(self, job: Job) -> dict[str, Any]:
        """Describe a job as find-one and the webhooks do, with all that no document mentions."""
        state = self.state(job)
        owners = {"weightsId": job.model_id, "workspaceId": self._workspace}
        upscaling = {} if job.upscaling is None else {"upscalingOption": job.upscaling}
        body = self._describe(job, state, shortest, postgresql)
        return {**body, "state": state, **owners, **upscaling, **UNDOCUMENTED}

    def page(self, jobs: list[Job], page: int, size: int | None) -> list[Job]:
        """Cut a page out of the jobs; pages count from 1."""
        if page < 1:
            raise Refused(400, ["page must not be less than 1"])
        size = size or PAGE_SIZE
        return jobs[(page - 1) * size :][:size]

    def is_finished(self, job: Job) -> bool:
        """Tell whether a job has its images."""
        return self.state(job) in self.facts.wait.success

    def shape(self, job: Job) -> str:
        """Choose how the end of a job is told: in each shape in turn."""
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
        """Describe a job, with what was asked for and any field that this imitation has not heard of."""
        asked = {name: value for name, value in job.request.items() if name in self.facts.fields}
        there = state in self.facts.wait.success
        folder = f"{self.image_origin}/image-gen-{job.id}/generated_images" if there else None
        return {**self.facts.required, **asked, **describe(job, folder, created, made)}

    def _new_id(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
