"""What is asked of each peer, and how that is timed. A peer is imported when it is asked."""

import asyncio
import gc
import json
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib import import_module
from time import perf_counter
from typing import Any

HTTPX, URLLIB3, AIOHTTP = "httpx", "urllib3", "aiohttp"
STOCK, OURS, OURS_AIOHTTP = "stock openapi-python-client", "leap_client", "leap_client over aiohttp"
JSON, PYDANTIC = "json.loads", "pydantic"
IMPORTS = {HTTPX: "httpx", STOCK: "stock_client.api.images.find_one", OURS: "leap_client.client"}
SYNC, ASYNC = (HTTPX, URLLIB3, STOCK, OURS), (HTTPX, AIOHTTP, STOCK, OURS, OURS_AIOHTTP)
# What is timed; the peers, of which the first is the baseline; the ratios to reach.
MEASURES: dict[str, tuple[str, tuple[str, ...], dict[str, float]]] = {
    "import": ("import of all that a first call needs", tuple(IMPORTS), {OURS: 1.15}),
    "first": ("process start to first answer, over TLS", SYNC, {OURS: 1.05}),
    "find_one": ("find-one, one call after the other", SYNC, {OURS: 0.70}),
    "async": ("500 find-ones, 100 in flight", ASYNC, {OURS: 0.38, OURS_AIOHTTP: 0.10}),
    "list_all": ("page of 1,000 jobs over HTTP", SYNC, {OURS: 1.45}),
    "read": ("parsed page of 1,000, by the public `from_dict`", (JSON, PYDANTIC, STOCK, OURS), {OURS: 1.9}),
}
TOKEN = "benchmark"  # noqa: S105 - opens nothing
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
MODEL, JOB = "1000-jobs", "a047df00-8bdd-4d57-a9bd-6eebef36ecaa"
# Whoever uses a plain HTTP client writes the path out.
LIST = f"/api/v1/images/models/{MODEL}/inferences"
IN_FLIGHT, BATCH, SAMPLE_SECONDS = 100, 500, 0.1


def asking(peer: str, url: str, operation: str = "find_one", *, asynchronous: bool = False) -> Callable[[], Any]:
    """Make what asks for a job, or for a page of 1,000, and reads it."""
    arguments, target = ((MODEL, JOB), f"{url}{LIST}/{JOB}") if operation == "find_one" else ((MODEL,), url + LIST)
    if peer == STOCK:
        module, stock = import_module(f"stock_client.api.images.{operation}"), import_module("stock_client")
        call, client = module.asyncio if asynchronous else module.sync, stock.AuthenticatedClient(url, token=TOKEN)
        return lambda: call(*arguments, client=client)
    if peer in {OURS, OURS_AIOHTTP}:
        options = {"transport": "aiohttp"} if peer == OURS_AIOHTTP else {}
        leap = getattr(import_module("leap_client"), "AsyncLeap" if asynchronous else "Leap")
        method = getattr(leap(TOKEN, base_url=url, **options).images, operation)
        return lambda: method(*arguments)
    if peer == URLLIB3:
        pool = import_module("urllib3").PoolManager(headers=HEADERS, ca_certs=os.environ["SSL_CERT_FILE"])
        return lambda: json.loads(pool.request("GET", target).data)
    name = "ClientSession" if peer == AIOHTTP else "AsyncClient" if asynchronous else "Client"
    session = getattr(import_module(peer), name)(headers=HEADERS)

    async def ask() -> Any:
        response = await session.get(target)
        return json.loads(await response.read() if peer == AIOHTTP else response.content)

    return ask if asynchronous else lambda: json.loads(session.get(target).content)


async def asking_async(peer: str, url: str) -> Callable[[], Awaitable[Any]]:
    """Make what asks for a job, within its event loop."""
    return asking(peer, url, asynchronous=True)


def reading(peer: str, url: str) -> Callable[[], Any]:
    """Make what turns a parsed page of 1,000 jobs into objects; for the baseline, what parses it."""
    body = import_module("httpx").get(url + LIST).content
    page = json.loads(body)
    if peer == JSON:
        return lambda: json.loads(body)
    if peer == PYDANTIC:
        pydantic: Any = import_module("pydantic")
        image = pydantic.create_model("Image", **dict.fromkeys(page[0]["images"][0], str))
        fields = {name: type(value) for name, value in page[0].items()} | {"createdAt": datetime}
        job = pydantic.create_model("Job", **fields | {"images": list[image]})  # type: ignore[valid-type] # made here
        adapter = pydantic.TypeAdapter(list[job])  # type: ignore[valid-type] # as above
        return lambda: adapter.validate_python(page)
    read = import_module("leap_client.models" if peer == OURS else "stock_client.models").InferenceEntity.from_dict
    return lambda: [read(job) for job in page]


def sample(call: Callable[[], Any]) -> float:
    """Call as often as fills a sample; give the seconds of one call."""
    call()  # a connection that was idle for some seconds has ended
    gc.collect()
    started, count, taken = perf_counter(), 0, 0.0
    while taken < SAMPLE_SECONDS:
        call()
        count, taken = count + 1, perf_counter() - started
    return taken / count


async def batch(ask: Callable[[], Awaitable[Any]]) -> float:
    """Time a batch of calls, some of them in flight at any time."""
    await fly(ask, IN_FLIGHT)  # as in a sample
    gc.collect()
    started = perf_counter()
    await fly(ask, BATCH)
    return perf_counter() - started


async def fly(ask: Callable[[], Awaitable[Any]], count: int) -> None:
    """Make calls, some of them in flight at any time."""
    left = iter(range(count))

    async def call() -> None:
        for _ in left:
            await ask()

    await asyncio.gather(*(call() for _ in range(IN_FLIGHT)))
