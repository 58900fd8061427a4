"""Webhooks: a POST to the `webhookUrl` of a job when it finishes or fails, to loopback addresses only."""

import asyncio
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from .bodies import Job
from .jobs import Jobs

INTERVAL = 0.02  # seconds; the clock is polled, because tests set it


@dataclass(frozen=True)
class Delivery:
    """The delivery of a webhook, with the status of the response, or else the error."""

    job_id: str
    shape: str
    url: str
    body: dict[str, Any]
    status: int | None = None
    error: str | None = None


class Courier:
    """Delivers webhooks, and reports every delivery; used in the sandbox's event loop only."""

    def __init__(self, jobs: Jobs, delivered: Callable[[Delivery], None]) -> None:
        self._jobs = jobs
        self._delivered = delivered
        self._tasks: set[asyncio.Task[None]] = set()  # asyncio keeps only weak references to tasks

    def expect(self, job: Job) -> None:
        """Schedule the webhook of a job, if it has one."""
        if job.request.get("webhookUrl"):
            task = asyncio.create_task(self._deliver(job, job.request["webhookUrl"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, job: Job, url: str) -> None:
        """Deliver once, unless the job is deleted first; whether the service retries is not known."""
        jobs, shape = self._jobs, self._jobs.shape(job)
        while job.id in jobs.existing and jobs.options.clock() < job.ends:  # noqa: ASYNC110 - a clock has no event
            await asyncio.sleep(INTERVAL)
        if job.id not in jobs.existing:
            return
        result = jobs.describe(job)
        body = {
            "flat": result,
            "succeeded": {"succeeded": not job.fails, "result": result},
            "state": {"id": job.id, "state": result["state"], "result": result},
        }[shape]
        status = error = None
        try:
            status = await post(url, body)
        except Exception as cause:  # noqa: BLE001 - whatever an address like this one leads to belongs in the log
            error = f"{type(cause).__name__}: {cause}"
        self._delivered(Delivery(job.id, shape, url, body, status, error))


async def post(url: str, body: dict[str, Any]) -> int:
    """POST a body to a receiver on this machine and return the status."""
    if not is_loopback(url):
        raise ValueError("webhooks go to loopback addresses by plain http, and nowhere else")
    # Only plain HTTP is spoken, and loading certificates would take longer than the request.
    async with httpx.AsyncClient(timeout=60, trust_env=False, verify=False) as client:  # noqa: S501 - see above
        return (await client.post(url, json=body)).status_code


def is_loopback(url: str) -> bool:
    """Return whether a URL is plain HTTP to this machine."""
    try:
        parts = urlsplit(url)
        local = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:  # invalid, or a host name, which could lead anywhere
        return False
    return local and parts.scheme == "http"
