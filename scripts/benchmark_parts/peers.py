"""One adapter for each peer and measure.

An adapter gets what it needs, prepares its peer as the peer's own documentation does it, and yields a function: what is
timed. A function that asks for a job returns the job's id, one that reads a page returns the jobs.

This module is imported in the environment of each peer, so a peer is imported where it is used. Beside that, nothing is
imported that httpx does not import as well: it would be added to every peer's time to the first answer.
"""
# ruff: noqa: PLC0415 - no environment holds all peers

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from importlib import import_module
from typing import Any

JSON, HTTPX, URLLIB3, AIOHTTP, HTTPX_AIOHTTP = "json.loads", "httpx", "urllib3", "aiohttp", "httpx over httpx-aiohttp"
STOCK, VENDOR = "stock openapi-python-client", "leap-python-sdk"
PYDANTIC, PYDANTIC_JSON = "pydantic, validate_python", "pydantic, validate_json"
OURS, OURS_AIOHTTP = "leap_client", "leap_client over aiohttp"

TOKEN = "benchmark"  # noqa: S105 - opens nothing
JOB = "a047df00-8bdd-4d57-a9bd-6eebef36ecaa"
MODEL = "observed-1"
DOCUMENTED_MODEL = "documented-1"  # the vendor's SDK refuses what was observed
PATH = f"/api/v1/images/models/{MODEL}/inferences/{JOB}"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}

# What a program imports to have a client; what is loaded when that is used shows in the time to the first answer.
IMPORTS = {
    HTTPX: "import httpx",
    STOCK: "from leap_client import AuthenticatedClient",
    VENDOR: "from leap import Leap",
    OURS: "from leap_client import AsyncLeap, Leap",
}


# One job, asked for again and again.


@contextmanager
def sync_httpx(url: str) -> Iterator[Callable[[], Any]]:
    """Ask with raw httpx."""
    import httpx

    with httpx.Client(headers=HEADERS) as client:
        yield lambda: json.loads(client.get(url + PATH).content)["id"]


@contextmanager
def sync_urllib3(url: str) -> Iterator[Callable[[], Any]]:
    """Ask with raw urllib3."""
    import urllib3

    with urllib3.PoolManager(headers=HEADERS) as pool:
        yield lambda: json.loads(pool.request("GET", url + PATH).data)["id"]


@contextmanager
def sync_stock(url: str) -> Iterator[Callable[[], Any]]:
    """Ask with what the generator makes by its own templates, which is called as ours is."""
    find_one = import_module("leap_client.api.images.find_one")
    with import_module("leap_client").AuthenticatedClient(base_url=url, token=TOKEN) as client:
        yield lambda: find_one.sync(MODEL, JOB, client=client).id


@contextmanager
def sync_vendor(url: str) -> Iterator[Callable[[], Any]]:
    """Ask with the vendor's SDK."""
    images = import_module("leap").Leap(host=url, access_token=TOKEN).images
    yield lambda: images.find_one(model_id=DOCUMENTED_MODEL, inference_id=JOB).body["id"]


@contextmanager
def sync_ours(url: str) -> Iterator[Callable[[], Any]]:
    """Ask with our client, everything switched on."""
    from leap_client import Leap

    with Leap(TOKEN, base_url=url) as leap:
        yield lambda: leap.images.find_one(MODEL, JOB).id


SYNC: dict[str, Callable[[str], AbstractContextManager[Callable[[], Any]]]] = {
    HTTPX: sync_httpx,
    URLLIB3: sync_urllib3,
    STOCK: sync_stock,
    VENDOR: sync_vendor,
    OURS: sync_ours,
}


def first_answer(peer: str, url: str) -> None:
    """Ask once, and print the answer at once; the process ends with the peer's own cleaning up.

    Args:
        peer: Who asks.
        url: Where the server is.
    """
    with SYNC[peer](url) as ask:
        print(ask(), flush=True)


# Many jobs at once.


@asynccontextmanager
async def async_httpx(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with raw httpx."""
    import httpx

    async with httpx.AsyncClient(headers=HEADERS) as client:

        async def ask() -> Any:
            return json.loads((await client.get(url + PATH)).content)["id"]

        yield ask


@asynccontextmanager
async def async_aiohttp(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with raw aiohttp."""
    import aiohttp

    async with aiohttp.ClientSession(headers=HEADERS) as session:

        async def ask() -> Any:
            async with session.get(url + PATH) as response:
                return json.loads(await response.read())["id"]

        yield ask


@asynccontextmanager
async def async_httpx_aiohttp(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with httpx, whose requests aiohttp sends."""
    import httpx_aiohttp

    async with httpx_aiohttp.HttpxAiohttpClient(headers=HEADERS) as client:

        async def ask() -> Any:
            return json.loads((await client.get(url + PATH)).content)["id"]

        yield ask


@asynccontextmanager
async def async_stock(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with what the generator makes by its own templates."""
    find_one = import_module("leap_client.api.images.find_one")
    async with import_module("leap_client").AuthenticatedClient(base_url=url, token=TOKEN) as client:

        async def ask() -> Any:
            return (await find_one.asyncio(MODEL, JOB, client=client)).id

        yield ask


@asynccontextmanager
async def async_vendor(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with the vendor's SDK."""
    images = import_module("leap").Leap(host=url, access_token=TOKEN).images

    async def ask() -> Any:
        return (await images.afind_one(model_id=DOCUMENTED_MODEL, inference_id=JOB)).body["id"]

    yield ask


@asynccontextmanager
async def async_ours(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with our client, everything switched on."""
    from leap_client import AsyncLeap

    async with AsyncLeap(TOKEN, base_url=url) as leap:

        async def ask() -> Any:
            return (await leap.images.find_one(MODEL, JOB)).id

        yield ask


@asynccontextmanager
async def async_ours_aiohttp(url: str) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Ask with our client, whose requests aiohttp sends."""
    from leap_client import AsyncLeap

    async with AsyncLeap(TOKEN, base_url=url, transport="aiohttp") as leap:

        async def ask() -> Any:
            return (await leap.images.find_one(MODEL, JOB)).id

        yield ask


ASYNC: dict[str, Callable[[str], AbstractAsyncContextManager[Callable[[], Awaitable[Any]]]]] = {
    HTTPX: async_httpx,
    AIOHTTP: async_aiohttp,
    HTTPX_AIOHTTP: async_httpx_aiohttp,
    STOCK: async_stock,
    VENDOR: async_vendor,
    OURS: async_ours,
    OURS_AIOHTTP: async_ours_aiohttp,
}


# A page, from bytes to objects. The clients read it by what they hand to their own call for that.


@contextmanager
def page_json(body: bytes) -> Iterator[Callable[[], Any]]:
    """Read it into dicts, which is where all others begin."""
    yield lambda: json.loads(body)


@contextmanager
def page_pydantic(body: bytes) -> Iterator[Callable[[], Any]]:
    """Read it with pydantic, after json.loads."""
    reader = pydantic_reader()
    yield lambda: reader.validate_python(json.loads(body))


@contextmanager
def page_pydantic_json(body: bytes) -> Iterator[Callable[[], Any]]:
    """Read it with pydantic, which has a JSON parser of its own."""
    reader = pydantic_reader()
    yield lambda: reader.validate_json(body)


def pydantic_reader() -> Any:
    """Describe a page to pydantic."""
    from datetime import datetime
    from enum import StrEnum

    from pydantic import BaseModel, ConfigDict, TypeAdapter
    from pydantic.alias_generators import to_camel

    class State(StrEnum):
        QUEUED = "queued"
        PROCESSING = "processing"
        FINISHED = "finished"
        FAILED = "failed"

    class Model(BaseModel):
        model_config = ConfigDict(alias_generator=to_camel, extra="allow", protected_namespaces=())

    class Image(Model):
        id: str
        uri: str
        created_at: str  # pydantic cannot read it as a time

    class Job(Model):
        id: str
        created_at: datetime
        prompt: str
        negative_prompt: str
        seed: int
        width: int
        height: int
        prompt_strength: float
        number_of_images: int
        steps: int
        images: list[Image]
        model_id: str
        state: State | None = None
        status: State | None = None
        upscaling_option: str | None = None

    return TypeAdapter(list[Job])


@contextmanager
def page_stock(body: bytes) -> Iterator[Callable[[], Any]]:
    """Read it with what the generator makes by its own templates."""
    import httpx

    list_all = import_module("leap_client.api.images.list_all")
    client = import_module("leap_client").AuthenticatedClient(base_url="http://127.0.0.1", token=TOKEN)
    response = httpx.Response(200, content=body)
    yield lambda: list_all._parse_response(client=client, response=response)  # noqa: SLF001 - see above


@contextmanager
def page_vendor(body: bytes) -> Iterator[Callable[[], Any]]:
    """Read it with the vendor's SDK, which checks the dicts, and returns them."""
    import urllib3

    list_all = import_module("leap.paths.api_v1_images_models_model_id_inferences.get")
    configuration = import_module("leap").Configuration(access_token=TOKEN)
    response = urllib3.HTTPResponse(body, {"Content-Type": "application/json"}, 200)
    wrapped = import_module("leap.api_client").ResponseWrapper(response, 0)
    yield lambda: list_all._response_for_200.deserialize(wrapped, configuration).body  # noqa: SLF001 - see above


@contextmanager
def page_ours(body: bytes) -> Iterator[Callable[[], Any]]:
    """Read it with our client."""
    import httpx

    from leap_client.api.images import list_all

    response = httpx.Response(200, content=body)
    yield lambda: list_all._parse_response(response)  # noqa: SLF001 - see above


PAGE: dict[str, Callable[[bytes], AbstractContextManager[Callable[[], Any]]]] = {
    JSON: page_json,
    PYDANTIC: page_pydantic,
    PYDANTIC_JSON: page_pydantic_json,
    STOCK: page_stock,
    VENDOR: page_vendor,
    OURS: page_ours,
}
READ_ONLY_DOCUMENTED = {VENDOR}
