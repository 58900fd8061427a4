"""The service itself: jobs, the states they pass, and what can be done with them."""

import random
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from . import bodies
from .bodies import Job
from .options import Options
from .spec import Spec

# A job with this in its prompt fails.
FAIL = "[fail]"


class Refused(Exception):  # noqa: N818 - says what happened, not what is wrong
    """The service does not do what it was asked for.

    Args:
        status: The HTTP status.
        message: What is wrong, where the status alone does not say it.
    """

    def __init__(self, status: int, message: str | list[str] | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


class Service:
    """All jobs, and what can be done with them; safe to use from several threads.

    Args:
        spec: Facts about the API.
        options: How to behave.
    """

    def __init__(self, spec: Spec, options: Options) -> None:
        self.spec = spec
        self.image_origin = ""
        self._lock = threading.RLock()
        self.reset(options)

    def reset(self, options: Options) -> None:
        """Forget all jobs.

        Args:
            options: How to behave from now on.
        """
        with self._lock:
            self.options = options
            self.jobs: dict[str, Job] = {}
            self.submitted: list[Job] = []
            self._unannounced: list[Job] = []
            self._dice = random.Random(options.seed)  # noqa: S311 - dice, not secrets
            self._workspace = self._new_id()
            self._zero, self._epoch = options.clock(), datetime.now(UTC)

    # What the operations do.

    def generate(self, model_id: str, request: dict[str, Any]) -> dict[str, Any]:
        """Submit a job.

        Args:
            model_id: The model.
            request: The body of the request.
        """
        with self._lock:
            self._check_model(model_id)
            limit = self.options.billing_limit
            if limit is not None and len(self.submitted) >= limit:
                raise Refused(402, "The billing limit of the workspace is reached")
            job = self.create(model_id, request)
            self.submitted.append(job)
            if job.webhook_url:
                self._unannounced.append(job)
            # However quick the job is, it has only just been queued.
            return bodies.submitted(job, self.spec.pending[0])

    def list_all(
        self, model_id: str, *, only_finished: bool = False, page: int | None = None, page_size: int | None = None
    ) -> list[dict[str, Any]]:
        """List a page of jobs, oldest first.

        Args:
            model_id: The model.
            only_finished: Whether to leave the other jobs out.
            page: The page.
            page_size: Jobs on a page.
        """
        with self._lock:
            self._check_model(model_id)
            jobs = [job for job in self.jobs.values() if job.model_id == model_id]
            if only_finished:
                jobs = [job for job in jobs if self.state(job) == self.spec.success]
            return [bodies.listed(job, self.state(job), self._folder(job)) for job in self._page(jobs, page, page_size)]

    def find_one(self, model_id: str, inference_id: str) -> dict[str, Any]:
        """Describe a job.

        Args:
            model_id: The model.
            inference_id: The job.
        """
        with self._lock:
            return self.describe(self._job(model_id, inference_id))

    def delete(self, model_id: str, inference_id: str) -> Any:
        """Delete a job, and give the body of the answer.

        Args:
            model_id: The model.
            inference_id: The job.
        """
        with self._lock:
            job = self._job(model_id, inference_id)
            job.deleted = True
            del self.jobs[job.id]
            return {"nothing": None, "text": "Inference deleted", "id": {"id": job.id}}[self.options.delete_body]

    # What tests and the other parts do.

    def create(self, model_id: str, request: dict[str, Any]) -> Job:
        """Make a job that nobody submitted.

        Args:
            model_id: The model.
            request: What to make.
        """
        with self._lock:
            filled = {**self.spec.defaults, "seed": self._dice.randrange(2**31, 2**53), **request}
            starts = self.options.clock()
            ends = starts + self.options.duration(self._dice)
            created = self._calendar(starts)
            # Every other job lacks the sixth digit, as every tenth real one does.
            missing = created.microsecond % 10 if len(self.jobs) % 2 else 0
            job = Job(
                id=self._new_id(),
                model_id=model_id,
                request=filled,
                webhook_url=filled.pop("webhookUrl", None),
                created=created - timedelta(microseconds=missing),
                made=self._calendar(ends),
                starts=starts,
                ends=ends,
                fails=self.options.fail or FAIL in filled["prompt"],
                image_ids=[self._new_id() for _ in range(filled["numberOfImages"])],
                upscaling=self.options.upscaling,
            )
            self.jobs[job.id] = job
            return job

    def state(self, job: Job) -> str:
        """Tell where a job stands now; the states before the end share its time evenly.

        Args:
            job: The job.
        """
        now = self.options.clock()
        if now >= job.ends:
            return self.spec.failure if job.fails else self.spec.success
        share = (now - job.starts) / (job.ends - job.starts)
        return self.spec.pending[int(share * len(self.spec.pending))]

    def describe(self, job: Job) -> dict[str, Any]:
        """Describe a job as find-one and the webhooks do.

        Args:
            job: The job.
        """
        return bodies.found(job, self.state(job), self._folder(job), self._workspace)

    def with_image(self, job_id: str, index: int) -> Job | None:
        """Find the job of an image, if the image exists.

        Args:
            job_id: The job.
            index: The index of the image.
        """
        job = self.jobs.get(job_id)
        return job if job and self._folder(job) and index < len(job.image_ids) else None

    def take_ended(self) -> tuple[list[Job], float | None]:
        """Hand out the jobs whose end is to be announced now, and tell in how many seconds the next one ends."""
        with self._lock:
            now = self.options.clock()
            waiting = [job for job in self._unannounced if not job.deleted]
            self._unannounced = [job for job in waiting if job.ends > now]
            ends = min((job.ends for job in self._unannounced), default=None)
            return [job for job in waiting if job.ends <= now], None if ends is None else ends - now

    # Parts.

    def _check_model(self, model_id: str) -> None:
        """Refuse a model that does not exist."""
        if model_id not in self.spec.models:
            raise Refused(404, "Model not found")

    def _job(self, model_id: str, job_id: str) -> Job:
        """Find a job of a model."""
        self._check_model(model_id)
        job = self.jobs.get(job_id)
        if job is None or job.model_id != model_id:
            raise Refused(404, "Inference not found")
        return job

    def _page(self, jobs: list[Job], page: int | None, page_size: int | None) -> list[Job]:
        """Cut a page out of the jobs."""
        options = self.options
        sizes = [size for size in (page_size or options.page_size, options.page_limit) if size is not None]
        size = min(sizes, default=len(jobs))
        index = 0 if page is None or options.page_ignored else page - options.page_base
        if index < 0 and options.before_first == "error":
            raise Refused(400, [f"page must not be less than {options.page_base}"])
        if index < 0 and options.before_first == "empty":
            return []
        start = max(index, 0) * size
        return jobs[start : start + size]

    def _folder(self, job: Job) -> str | None:
        """Give the address of the folder with a job's images, if there are any."""
        there = self.state(job) == self.spec.success
        return f"{self.image_origin}/image-gen-{job.id}/generated_images" if there else None

    def _new_id(self) -> str:
        """Draw an id."""
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))

    def _calendar(self, now: float) -> datetime:
        """Turn the clock's time into a moment of the calendar."""
        return self._epoch + timedelta(seconds=now - self._zero)
