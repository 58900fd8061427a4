"""The deliveries: a POST to the job's webhookUrl when it finishes or fails, to loopback addresses only."""

import asyncio
import ipaddress
import itertools
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from .bodies import Job
from .jobs import Service

SHAPES = ("flat", "succeeded", "state")
TIMEOUT = 5.0

# How soon a clock that does not run by itself is looked at again.
SHORTEST_WAIT = 0.01


@dataclass(frozen=True)
class Delivery:
    """One delivery and what came of it.

    Args:
        job_id: The job that has ended.
        shape: How the body looks, by its name in the options.
        url: Where it went.
        body: What was sent.
        status: The receiver's answer; None if there was none.
        error: Why there was none.
    """

    job_id: str
    shape: str
    url: str
    body: dict[str, Any]
    status: int | None = None
    error: str | None = None


class Courier:
    """Delivers; runs in the sandbox's event loop.

    Args:
        service: Where the jobs are.
        changed: Told about every delivery.
    """

    def __init__(self, service: Service, changed: threading.Condition) -> None:
        self._service = service
        self._changed = changed
        self._look = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Forget the deliveries."""
        self.deliveries: list[Delivery] = []
        self._shapes = itertools.cycle(SHAPES)

    def look(self) -> None:
        """Look at the clock and at the jobs again; one may have come, or ended."""
        self._look.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        # No certificates are read: nothing but plain HTTP is spoken, and reading them takes longer than the rest.
        async with (
            httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=False) as client,  # noqa: S501 - see above
            asyncio.TaskGroup() as group,
        ):
            while True:
                self._look.clear()
                ended, seconds = self._service.take_ended()
                for job in ended:
                    group.create_task(self._deliver(client, job))
                timeout = None if seconds is None else max(seconds, SHORTEST_WAIT)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._look.wait(), timeout)

    async def _deliver(self, client: httpx.AsyncClient, job: Job) -> None:
        """Deliver once; nothing is known of another attempt."""
        wanted = self._service.options.webhook_shape
        shape = next(self._shapes) if wanted == "rotating" else wanted
        url, body, deliveries = job.webhook_url or "", self._body(job, shape), self.deliveries
        status = error = None
        try:
            status = await self._post(client, url, body)
        except Exception as cause:  # noqa: BLE001 - whatever an address like this one leads to belongs in the log
            error = f"{type(cause).__name__}: {cause}"
        with self._changed:
            deliveries.append(Delivery(job.id, shape, url, body, status, error))
            self._changed.notify_all()

    async def _post(self, client: httpx.AsyncClient, url: str, body: dict[str, Any]) -> int:
        """Send the body, unless it would leave this machine, and give the status of the answer."""
        if not is_loopback(url):
            raise ValueError("webhooks go to loopback addresses by plain http, and nowhere else")
        response = await client.post(url, json=body)
        return response.status_code

    def _body(self, job: Job, shape: str) -> dict[str, Any]:
        """Describe the job in one of the three shapes."""
        result = self._service.describe(job)
        if shape == "succeeded":
            return {"succeeded": not job.fails, "result": result}
        if shape == "state":
            return {"id": job.id, "state": result["state"], "result": result}
        return result


def is_loopback(url: str) -> bool:
    """Tell whether an address is plain HTTP to this machine.

    Args:
        url: The address.
    """
    try:
        parts = urlsplit(url)
        local = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:  # no address, or a name, which could be anybody's
        return False
    return local and parts.scheme == "http"
