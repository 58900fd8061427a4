"""The sandbox with everything that tests look at and do to it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp

import sandbox
from sandbox import Job
from sandbox.service import DOCUMENT
from sandbox.webhooks import Delivery

from .files import Files
from .jobs import Jobs, Options
from .origin import Origin
from .plan import Faults, Request

# Turns of the event loop in which it accepts a connection that waits, reads its request and begins to handle it.
TURNS = 10


class Sandbox(sandbox.Sandbox):
    """The sandbox, and an origin elsewhere, where redirects and webhooks may lead.

    Args:
        port: Port of the API; any free one by default.
        document: The OpenAPI document to run.
        **options: Fields of `Options`.
    """

    api: Origin
    images: Origin
    service: Jobs

    def __init__(self, *, port: int = 0, document: Path = DOCUMENT, **options: Any) -> None:
        self._given = options
        self._changed = threading.Condition()
        self._deliveries: list[Delivery] = []
        super().__init__(port=port, document=document, options=Options(**options))
        self.images.application = Files(self.images.application, lambda: self.options)
        self.elsewhere = self.origin(JSONResponse({"elsewhere": True}))

    # What the sandbox lets its tests put in place of its own.

    def origin(self, application: ASGIApp, port: int = 0) -> Origin:
        """Make an origin that can misbehave."""
        return Origin(application, self._changed, port)

    def origins(self) -> list[sandbox.origin.Origin]:
        """List what has a port of its own."""
        return [*super().origins(), self.elsewhere]

    def make_service(self, options: sandbox.Options) -> Jobs:
        """Make jobs that can be otherwise."""
        return Jobs(self.facts, options)

    def delivered(self, delivery: Delivery) -> None:
        """Keep a delivery to a webhook."""
        with self._changed:
            self._deliveries.append(delivery)
            self._changed.notify_all()

    # What tests look at.

    @property
    def options(self) -> Options:
        """How the sandbox behaves; changes are for the jobs and the requests that follow."""
        return self.service.options

    @property
    def requests(self) -> list[Request]:
        """All requests to the API."""
        return self.api.requests

    @property
    def image_requests(self) -> list[Request]:
        """All requests to the image origin."""
        return self.images.requests

    @property
    def faults(self) -> Faults:
        """What is to go wrong with requests to the API."""
        return self.api.faults

    @property
    def image_faults(self) -> Faults:
        """What is to go wrong with requests to the image origin."""
        return self.images.faults

    @property
    def jobs(self) -> dict[str, Job]:
        """The jobs that exist, by id, oldest first."""
        return dict(self.service.existing)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every delivery to a webhook, whatever came of it."""
        return list(self._deliveries)

    def state(self, job: Job) -> str:
        """Return where a job stands now."""
        return self.service.state(job)

    def until(self, predicate: Callable[[], bool], timeout: float = 60) -> bool:
        """Wait until something is so; it is looked at whenever a request comes or ends, and after every delivery.

        Args:
            predicate: Tells whether it is.
            timeout: Seconds after which to give up and return False.
        """
        with self._changed:
            return self._changed.wait_for(predicate, timeout)

    # What tests do.

    def reset(self, **options: Any) -> None:
        """Make it as new: no jobs, no requests, no faults, no deliveries.

        Args:
            **options: Fields of `Options`; the others are as they were when the sandbox was made.
        """
        self.portal.call(self._reset, Options(**{**self._given, **options}))

    def add_jobs(self, count: int = 1, *, model_id: str | None = None, **request: Any) -> list[Job]:
        """Make jobs that nobody submitted; they take as long as others.

        Args:
            count: How many.
            model_id: Their model; the first one in the document by default.
            **request: What the body of a submission would say, in the API's spelling.
        """
        wanted = {"prompt": "A photo", **request}

        def make() -> list[Job]:
            return [self.service.create(model_id or self.facts.models[0], wanted) for _ in range(count)]

        return self.portal.call(make)

    @contextmanager
    def down(self) -> Iterator[None]:
        """Refuse connections to the API until the end of the block, and drop those that there are."""
        self.portal.call(self.api.refuse)
        try:
            yield
        finally:
            self.portal.call(self.api.accept)

    async def _reset(self, options: Options) -> None:
        """Forget everything, requests included that were sent before and that nobody has looked at yet."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        for origin in (self.api, self.images, self.elsewhere):
            await origin.reset()
        self.service.reset(options)
        self.failing.failures.clear()
        self._deliveries = []
