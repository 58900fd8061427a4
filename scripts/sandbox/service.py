"""The sandbox, in a thread: any API by the examples of its document, or the imitation of ours with its images."""

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp

from spec import Document, load

from . import images
from .api import TOKEN, application
from .bodies import Job
from .facts import Facts
from .failing import Failing
from .jobs import Jobs, Options
from .origin import Origin
from .webhooks import Courier, Delivery

LOGGER = logging.getLogger("sandbox")
DOCUMENT = Path(__file__).resolve().parents[2] / "openapi.yaml"


class Served:
    """An API in a thread of this process; a context manager."""

    token = TOKEN
    api: Origin

    def __init__(self, document: Document) -> None:
        self._path = urlsplit(document.server_url).path

    def origins(self) -> list[Origin]:
        """List all origins."""
        return [self.api]

    def __enter__(self) -> Self:
        """Start, and return once connections are accepted."""
        with ExitStack() as stack:
            self.portal = stack.enter_context(start_blocking_portal(name="sandbox"))
            for origin in self.origins():
                stack.enter_context(self.portal.wrap_async_context_manager(origin))
            self._running = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and return once all connections are closed and the ports are released."""
        self._running.close()

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return self.api.url + self._path


class Examples(Served):
    """Any API: every operation answers with the examples of its document.

    Args:
        port: Port of the API; any free one by default.
        document: The document.
    """

    def __init__(self, *, port: int = 0, document: Path = DOCUMENT) -> None:
        served = load(document)
        super().__init__(served)
        self.api = Origin(Failing(application(served)), port)


class Sandbox(Served):
    """The imitation of the API, and its image origin.

    Tests override `origin`, `origins`, `make_service` and `delivered`.
    """

    def __init__(self, *, port: int = 0, document: Path = DOCUMENT, options: Options | None = None) -> None:
        self.facts = Facts(document)
        super().__init__(self.facts.document)
        self.service = self.make_service(options or Options())
        self.service.announce = Courier(self.service, self.delivered).expect
        self.failing = Failing(application(self.facts.document, self.service))
        self.api = self.origin(self.failing, port)
        self.images = self.origin(images.application(self.service))

    def origin(self, application: ASGIApp, port: int = 0) -> Origin:
        """Create the server of an application."""
        return Origin(application, port)

    def make_service(self, options: Options) -> Jobs:
        """Create the service."""
        return Jobs(self.facts, options)

    def delivered(self, delivery: Delivery) -> None:
        """Log the delivery of a webhook."""
        LOGGER.info("Webhook of job %s: %s", delivery.job_id, delivery.error or f"answered {delivery.status}")

    def origins(self) -> list[Origin]:
        """List all origins."""
        return [self.api, self.images]

    def __enter__(self) -> Self:
        """Start, and return once connections are accepted."""
        super().__enter__()
        self.service.image_origin = self.images.url
        return self

    @property
    def submitted(self) -> list[Job]:
        """Every job that was ever submitted, deleted or not: the jobs that would be paid for."""
        return list(self.service.submitted)

    @property
    def paid_images(self) -> int:
        """The number of images that would be paid for."""
        return sum(len(job.image_ids) for job in self.submitted)
