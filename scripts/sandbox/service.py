"""The sandbox as a whole: the API and the origin of its images, in a thread."""

import asyncio
import logging
import threading
from concurrent.futures import Future
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send

from .api import TOKEN, application
from .bodies import Job
from .facts import Facts
from .failing import Failing
from .images import Images
from .jobs import Jobs, Options
from .origin import Origin
from .webhooks import Courier, Delivery

LOGGER = logging.getLogger("sandbox")
DOCUMENT = Path(__file__).resolve().parents[2] / "openapi.yaml"


class Sandbox:
    """The API and its image origin, in a thread of this process; a context manager.

    Tests hook in by overriding `origin`, which serves an application on a port, and `make_service`.
    """

    token = TOKEN

    def __init__(self, *, port: int = 0, document: Path = DOCUMENT, options: Options | None = None) -> None:
        self.facts = Facts.load(document)
        self.service = self.make_service(options or Options())
        self.failing = Failing(application(self.service))
        self.files = Images(self.service)
        self.courier = Courier(self.service, self.delivered)
        self.api = self.origin(self._answer, port)
        self.images = self.origin(self.files)
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def origin(self, application: ASGIApp, port: int = 0) -> Origin:
        """Make what serves an application on a port."""
        return Origin(application, port)

    def make_service(self, options: Options) -> Jobs:
        """Make what does the work."""
        return Jobs(self.facts, options)

    def delivered(self, delivery: Delivery) -> None:
        """Log a delivery to a webhook, whatever came of it."""
        LOGGER.info("Webhook of job %s: %s", delivery.job_id, delivery.error or f"answered {delivery.status}")

    def __enter__(self) -> Self:
        """Start, and return when connections are accepted."""
        self._thread.start()
        self._started.result()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and return when all connections are closed and the ports are given back."""
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        """Address of the API, without a path."""
        return self.api.url

    @property
    def submitted(self) -> list[Job]:
        """Every job that was ever submitted, deleted or not: what would have to be paid for."""
        return list(self.service.submitted)

    @property
    def paid_images(self) -> int:
        """How many images would have to be paid for."""
        return sum(len(job.image_ids) for job in self.submitted)

    # The thread.

    def _run(self) -> None:
        """Run the event loop, and hand a failure to start to whoever waits for the start."""
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    async def _serve(self) -> None:
        """Serve until told to stop."""
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            for origin in self.origins():
                await stack.enter_async_context(origin)
            self.service.image_origin = self.images.url
            async with asyncio.TaskGroup() as group:
                deliveries = group.create_task(self.courier.run())
                self._started.set_result(None)
                await self._stop.wait()
                deliveries.cancel()

    def origins(self) -> list[Origin]:
        """List what has a port of its own."""
        return [self.api, self.images]

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API answer; what it did may have to be delivered."""
        await self.failing(scope, receive, send)
        self.courier.wake()
