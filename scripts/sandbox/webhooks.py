"""The deliveries: a POST to the job's webhookUrl when it finishes or fails, to loopback addresses only."""

import asyncio
import ipaddress
import itertools
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from .bodies import Job
from .jobs import Jobs

SHAPES = ("flat", "succeeded", "state")


@dataclass(frozen=True)
class Delivery:
    """One delivery and what came of it: the receiver's status, or the error for want of one."""

    job_id: str
    shape: str
    url: str
    body: dict[str, Any]
    status: int | None = None
    error: str | None = None


class Courier:
    """Delivers, and tells of every delivery; runs in the sandbox's event loop."""

    def __init__(self, jobs: Jobs, delivered: Callable[[Delivery], None]) -> None:
        self.jobs = jobs
        self._delivered = delivered
        self._due = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Begin with the first shape again."""
        self._shapes = itertools.cycle(SHAPES)

    def wake(self) -> None:
        """Look at the clock and at the jobs again; one may have come, or ended."""
        self._due.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        # No certificates are read: nothing but plain HTTP is spoken, and reading them takes longer than the rest.
        async with (
            httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as client,  # noqa: S501 - see above
            asyncio.TaskGroup() as group,
        ):
            while True:
                self._due.clear()
                jobs, now = self.jobs.unannounced, self.jobs.options.clock()
                self.jobs.unannounced = [job for job in jobs if job.ends > now]
                for job in (job for job in jobs if job.ends <= now):
                    group.create_task(self._deliver(client, job))
                next_end = min((job.ends for job in self.jobs.unannounced), default=math.inf)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._due.wait(), None if math.isinf(next_end) else next_end - now)

    async def _deliver(self, client: httpx.AsyncClient, job: Job) -> None:
        """Deliver once; whether the service tries again is not known."""
        wanted = self.jobs.options.webhook_shape
        shape = next(self._shapes) if wanted == "rotating" else wanted
        url, body = job.webhook_url or "", self._body(job, shape)
        status = error = None
        try:
            if not is_loopback(url):
                raise ValueError("webhooks go to loopback addresses by plain http, and nowhere else")  # noqa: TRY301 - an error like those of the POST
            status = (await client.post(url, json=body)).status_code
        except Exception as cause:  # noqa: BLE001 - whatever an address like this one leads to belongs in the log
            error = f"{type(cause).__name__}: {cause}"
        self._delivered(Delivery(job.id, shape, url, body, status, error))

    def _body(self, job: Job, shape: str) -> dict[str, Any]:
        """Describe the job in one of the three shapes."""
        result = self.jobs.describe(job)
        if shape == "succeeded":
            return {"succeeded": not job.fails, "result": result}
        return {"id": job.id, "state": result["state"], "result": result} if shape == "state" else result


def is_loopback(url: str) -> bool:
    """Tell whether an address is plain HTTP to this machine."""
    try:
        parts = urlsplit(url)
        local = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:  # no address, or a name, which could be anybody's
        return False
    return local and parts.scheme == "http"
