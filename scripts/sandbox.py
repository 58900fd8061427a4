"""The API on loopback, run from openapi.yaml: no key, no money, no network.

    python scripts/sandbox.py

prints an address and a token and stays up until Ctrl-C. In a test:

    with Sandbox(seconds=(4, 20)) as sandbox:
        sandbox.faults.add(Fault.answer(503), method="POST")
        ...  # use sandbox.url and sandbox.token
        assert len(sandbox.submitted) == 1

Two more origins belong to it, each with a log of its requests and faults of its own: `images` has the image files, and
`elsewhere` is where redirects may lead.
"""

import argparse
import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from sandbox_parts.api import Api
from sandbox_parts.bodies import Job
from sandbox_parts.faults import Fault
from sandbox_parts.images import Images
from sandbox_parts.jobs import FAIL, Service
from sandbox_parts.options import Options
from sandbox_parts.origin import Origin
from sandbox_parts.plan import Faults, Request
from sandbox_parts.spec import Spec
from sandbox_parts.webhooks import Courier, Delivery

__all__ = ["FAIL", "Delivery", "Fault", "Faults", "Job", "Options", "Origin", "Request", "Sandbox"]

DOCUMENT = Path(__file__).resolve().parent.parent / "openapi.yaml"

# Looks like no other text, so that a test can search for it.
TOKEN = "sandbox-6f1d2c9a7b"  # noqa: S105 - opens nothing but the sandbox


class Sandbox:
    """The API, its image origin and an origin elsewhere, in a thread of this process; a context manager.

    Args:
        port: Port of the API; any free one by default.
        token: The token that the API lets in.
        document: The OpenAPI document to run.
        **options: Fields of `Options`.
    """

    def __init__(self, *, port: int = 0, token: str = TOKEN, document: Path = DOCUMENT, **options: Any) -> None:
        self.token = token
        self.spec = Spec.load(document)
        self._given = options
        self._changed = threading.Condition()
        self._service = Service(self.spec, Options(**options))
        self._api = Api(self._service, token)
        self._courier = Courier(self._service, self._changed)
        self.api = Origin(self._answer, self._changed, port)
        self.images = Origin(Images(self._service), self._changed)
        self.elsewhere = Origin(JSONResponse({"elsewhere": True}), self._changed)
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    # Life.

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
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def reset(self, **options: Any) -> None:
        """Make it as new: no jobs, no requests, no faults, no deliveries.

        Args:
            **options: Fields of `Options`; the others are as they were when the sandbox was made.
        """
        self._call(self._reset(Options(**{**self._given, **options})))

    # What tests look at.

    @property
    def url(self) -> str:
        """Address of the API, without a path."""
        return self.api.url

    @property
    def options(self) -> Options:
        """How the sandbox behaves; changes are for the jobs and the requests that follow."""
        return self._service.options

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
        return dict(self._service.jobs)

    @property
    def submitted(self) -> list[Job]:
        """Every job that was ever submitted, deleted or not: what would have to be paid for."""
        return list(self._service.submitted)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every delivery to a webhook, whatever came of it."""
        return list(self._courier.deliveries)

    def state(self, job: Job) -> str:
        """Tell where a job stands now.

        Args:
            job: The job.
        """
        return self._service.state(job)

    # What tests do.

    def add_jobs(self, count: int = 1, *, model_id: str | None = None, **request: Any) -> list[Job]:
        """Make jobs that nobody submitted; they take as long as others.

        Args:
            count: How many.
            model_id: Their model; the first one in the document by default.
            **request: What the body of a submission would say, in the API's spelling.
        """
        wanted = {"prompt": self.spec.prompt, **request}
        return [self._service.create(model_id or self.spec.models[0], wanted) for _ in range(count)]

    def tick(self) -> None:
        """Look at the clock, for one that does not run by itself: webhooks that are due get delivered."""
        self._loop.call_soon_threadsafe(self._courier.look)

    def until(self, predicate: Callable[[], bool], timeout: float = 10) -> bool:
        """Wait until something is so; it is looked at whenever a request comes or ends, and after every delivery.

        Args:
            predicate: Tells whether it is.
            timeout: Seconds after which to give up and return False.
        """
        with self._changed:
            return self._changed.wait_for(predicate, timeout)

    @contextmanager
    def down(self) -> Iterator[None]:
        """Refuse connections to the API until the end of the block, and drop those that there are."""
        self._call(self.api.refuse())
        try:
            yield
        finally:
            self._call(self.api.accept())

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
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self.api, self.images, self.elsewhere, asyncio.TaskGroup() as group:
            self._service.image_origin = self.images.url
            deliveries = group.create_task(self._courier.run())
            self._started.set_result(None)
            await self._stop.wait()
            deliveries.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API answer; what it did may have to be delivered."""
        await self._api(scope, receive, send)
        self._courier.look()

    async def _reset(self, options: Options) -> None:
        """Forget everything."""
        self._service.reset(options)
        self._courier.reset()
        for origin in (self.api, self.images, self.elsewhere):
            origin.reset()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the event loop, and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result()


def main() -> int:
    """Run the command line."""
    arguments = parse_arguments()
    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    try:
        with Sandbox(port=arguments.port, seconds=tuple(arguments.seconds)) as sandbox:
            print(instructions(sandbox), flush=True)
            asked_to_end.wait()
    except OSError as error:
        print(f"error: port {arguments.port} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Run the API on loopback, from openapi.yaml, until Ctrl-C.")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port of the API (default: any free one)")
    parser.add_argument(
        "--seconds",
        type=float,
        nargs=2,
        default=(2, 5),
        metavar=("MIN", "MAX"),
        help="how long a job takes (default: 2 5)",
    )
    return parser.parse_args()


def instructions(sandbox: Sandbox) -> str:
    """Say how to use a sandbox.

    Args:
        sandbox: A running one.
    """
    return f"""\
The API runs on loopback until Ctrl-C. Nothing costs anything. To use it from another shell:

  export {sandbox.spec.url_variable}={sandbox.url}
  export {sandbox.spec.token_variable}={sandbox.token}
"""


if __name__ == "__main__":
    sys.exit(main())
