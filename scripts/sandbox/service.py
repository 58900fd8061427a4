"""The sandbox as a whole: the API and the origin of the images, in a thread."""

import asyncio
import logging
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from starlette.types import Receive, Scope, Send

from .api import Api
from .bodies import Job as Job
from .facts import Facts
from .failing import Failing
from .images import Images
from .jobs import FAIL as FAIL
from .jobs import Jobs
from .options import Options
from .origin import Origin
from .webhooks import Courier, Delivery

LOGGER = logging.getLogger("sandbox")
DOCUMENT = Path(__file__).resolve().parents[2] / "openapi.yaml"

# Looks like no other text, so that a test can search for it.
TOKEN = "sandbox-6f1d2c9a7b"  # noqa: S105 - opens nothing but the sandbox


class Sandbox:
    """The API and its image origin, in a thread of this process; a context manager.

    Args:
        port: Port of the API; any free one by default.
        token: The token that the API lets in.
        document: The OpenAPI document to run.
        options: How to behave.
    """

    # What serves an application; the one thing that tests put another in place of.
    origin: type[Origin] = Origin

    def __init__(
        self, *, port: int = 0, token: str = TOKEN, document: Path = DOCUMENT, options: Options | None = None
    ) -> None:
        self.token = token
        self.facts = Facts.load(document)
        self.service = Jobs(self.facts, options or Options())
        self.courier = Courier(self.service, self.delivered)
        self.failing = Failing(Api(self.service, token))
        self.api = self.origin(self._answer, port)
        self.images = self.origin(Images(self.service))
        self.origins = [self.api, self.images]
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.close()

    def start(self) -> None:
        """Start, and return when connections are accepted."""
        self._thread.start()
        self._started.result()

    def close(self) -> None:
        """Stop, and return when all connections are closed and the ports are given back."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    @property
    def url(self) -> str:
        """Address of the API, without a path."""
        return self.api.url

    @property
    def options(self) -> Options:
        """How the sandbox behaves; changes are for the jobs and the requests that follow."""
        return self.service.options

    @property
    def submitted(self) -> list[Job]:
        """Every job that was ever submitted, deleted or not: what would have to be paid for."""
        return list(self.service.submitted)

    @property
    def paid_jobs(self) -> int:
        """How many jobs would have to be paid for."""
        return len(self.service.submitted)

    @property
    def paid_images(self) -> int:
        """How many images would have to be paid for."""
        return sum(len(job.image_ids) for job in self.submitted)

    def delivered(self, delivery: Delivery) -> None:
        """Log a delivery to a webhook, whatever came of it."""
        LOGGER.info("Webhook for job %s: %s", delivery.job_id, delivery.error or f"answered {delivery.status}")

    def call(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the event loop, and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self.loop).result()

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
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            for origin in self.origins:
                await stack.enter_async_context(origin)
            self.service.image_origin = self.images.url
            deliveries = group.create_task(self.courier.run())
            self._started.set_result(None)
            await self._stop.wait()
            deliveries.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API answer; what it did may have to be delivered."""
        await self.failing(scope, receive, send)
        self.courier.wake()
