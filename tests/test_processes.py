"""Clients, requests, jobs and errors can be copied and sent to other processes; a client works wherever it gets."""

import asyncio
import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from clients import opened
from engines import ENGINES, Mirror, close
from leap_client import AsyncLeap, Leap, PublicModel, Response, errors
from leap_client.errors import ApiError, LeapError
from leap_client.models import CreateInferenceDto, InferenceEntity
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
ROOT = Path(__file__).parent.parent
TOKEN = "token-0123456789"

every_kind = pytest.mark.parametrize("kind", [Leap, AsyncLeap])
Kind = type[Leap | AsyncLeap]

WAYS: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301 - our own
    "oldest pickle": lambda value: pickle.loads(pickle.dumps(value, protocol=0)),  # noqa: S301 - our own
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}
every_way = pytest.mark.parametrize("way", WAYS)


# Clients.


@every_way
@pytest.mark.parametrize("engine", ENGINES)
def test_copy_of_a_client_asks_for_itself(engine: str, sandbox: Sandbox, way: str) -> None:
    """A client that was copied or pickled has the options and the token of the original, and its own connections."""
    kind, more = ENGINES[engine]
    options = {"base_url": sandbox.url, "max_retries": 7, "timeout": 9, "headers": {"X-A": "1"}, **more()}
    with opened(kind, sandbox.token, **options) as leap:
        leap.images.list_all(MODEL)
        made = WAYS[way](getattr(leap, "inner", leap))
        assert type(made) is kind
        assert (made.base_url, made.max_retries, made.timeout) == (leap.base_url, leap.max_retries, leap.timeout)
        assert made.images._client is made  # noqa: SLF001 - it has no other name
    if isinstance(made, Leap):
        with made:
            made.images.list_all(MODEL)
    else:
        asyncio.run(ask_and_close(made))
    first, second = sandbox.requests
    assert first.headers == second.headers


async def ask_and_close(leap: AsyncLeap) -> None:
    """Make a call and close."""
    async with leap:
        await leap.images.list_all(MODEL)


@pytest.mark.parametrize("way", ["copy", "deepcopy"])
def test_copy_of_a_client_leaves_the_given_transport_to_the_original(way: str) -> None:
    """A copy of a client with a transport of the caller sends through it, and does not close it."""
    mirror = Mirror()
    with Leap(TOKEN, transport=mirror) as leap:
        with WAYS[way](leap) as made:
            made.images.list_all(MODEL)
        assert (len(mirror.seen), mirror.closed) == (1, 0)
    assert mirror.closed == 1


@pytest.mark.parametrize("way", ["pickle", "oldest pickle", "deepcopy"])
def test_parts_of_a_client_can_be_sent(sandbox: Sandbox, way: str) -> None:
    """A bound method, such as a pool of processes is given, takes its client along."""
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        method = WAYS[way](leap.images.list_all)
        copied = method.__self__._client  # noqa: SLF001 - it has no other name
        assert copied is not leap
        assert method(MODEL) == []
        copied.close()


UNPICKLING = """
import pickle, sys

with pickle.load(sys.stdin.buffer) as leap:
    print(leap.images.list_all(sys.argv[1]))
"""


def test_client_reaches_another_process(sandbox: Sandbox) -> None:
    """A pickled client works in a process that was started anew."""
    command = [sys.executable, "-W", "error", "-c", UNPICKLING, MODEL]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        done = subprocess.run(command, input=pickle.dumps(leap), capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (0, b"[]\n"), done.stderr
    assert len(sandbox.requests) == 1


FORKING = """
import asyncio, os, sys, threading
from leap_client import AsyncLeap, Leap

url, model, *jobs = sys.argv[1:]
leap, async_leap = Leap(base_url=url), AsyncLeap(base_url=url)

async def ask(job):
    return (await async_leap.images.find_one(model, job)).id

def work(job):
    for _ in range(10):
        assert leap.images.find_one(model, job).id == job
    assert asyncio.run(ask(job)) == job

work(jobs[0])
over = threading.Event()

def hammer():
    while not over.is_set():
        leap.images.find_one(model, jobs[0])

threads = [threading.Thread(target=hammer) for _ in range(4)]
for thread in threads:
    thread.start()
children = []
for job in jobs[1:]:
    child = os.fork()
    if not child:
        try:
            work(job)
            leap.close()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    children.append(child)
    work(jobs[0])
failed = [child for child in children if os.waitpid(child, 0)[1]]
over.set()
for thread in threads:
    thread.join()
work(jobs[0])
leap.close()
sys.exit(len(failed))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_client_goes_on_after_a_fork(sandbox: Sandbox) -> None:
    """Parent and children use one client at once, forked while threads were using it, and get their own answers."""
    jobs = [job.id for job in sandbox.add_jobs(6, model_id=MODEL)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated"), "LEAP_API_KEY": sandbox.token}
    # Newer Pythons warn of what is tested here.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING, sandbox.url, MODEL, *jobs]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_client_works_in_many_threads(sandbox: Sandbox) -> None:
    """Many threads use one client at once, and each gets its own answers."""
    jobs = [job.id for job in sandbox.add_jobs(16, model_id=MODEL)]
    ready = threading.Barrier(len(jobs))

    def work(job: str) -> None:
        ready.wait()
        for _ in range(10):
            assert leap.images.find_one(MODEL, job).id == job

    with Leap(sandbox.token, base_url=sandbox.url) as leap, ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(work, jobs))
    assert len(sandbox.requests) == 160


@pytest.mark.parametrize("engine", ["async", "aiohttp"])
def test_client_works_in_one_loop_after_another(sandbox: Sandbox, engine: str) -> None:
    """An asynchronous client can be used in several loops; a loop that ends leaves nothing open, and is forgotten."""
    leap = AsyncLeap(sandbox.token, base_url=sandbox.url, **ENGINES[engine][1]())
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def ask() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        assert await leap.images.list_all(MODEL) == []

    for _ in range(3):
        asyncio.run(ask())
        gc.collect()  # an open connection that nobody holds would be a ResourceWarning, and an error, here
    assert [loop() for loop in loops[:-1]] == [None, None]
    asyncio.run(leap.aclose())
    with pytest.raises(RuntimeError, match="this AsyncLeap is closed"):
        asyncio.run(ask())
    assert len(sandbox.requests) == 3


def test_client_works_in_many_loops_at_once(sandbox: Sandbox) -> None:
    """An asynchronous client can be used in loops of several threads at the same time."""
    jobs = [job.id for job in sandbox.add_jobs(6, model_id=MODEL)]
    leap = AsyncLeap(sandbox.token, base_url=sandbox.url)
    ready = threading.Barrier(len(jobs))

    async def work(job: str) -> None:
        ready.wait()
        for _ in range(5):
            assert (await leap.images.find_one(MODEL, job)).id == job

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(lambda job: asyncio.run(work(job)), jobs))
    gc.collect()
    assert len(sandbox.requests) == 30


def test_call_ends_although_its_client_is_closed(sandbox: Sandbox) -> None:
    """A client may be closed while another thread waits for an answer; that call ends in time, and in an error."""
    sandbox.faults.add(Fault.silent(), times=None)
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            leap.images.list_all(MODEL)
        except (LeapError, RuntimeError) as error:
            ended.append(error)

    leap = Leap(sandbox.token, base_url=sandbox.url, timeout=httpx.Timeout(60, read=0.3))
    thread = threading.Thread(target=wait)
    thread.start()
    assert sandbox.until(lambda: len(sandbox.requests) >= 1)
    close(leap)
    thread.join()
    assert len(ended) == 1


# What goes out and comes back.

REQUEST = httpx.Request("POST", "https://example.com/x", headers={"X-A": "1"}, json={"prompt": "A photo"})


def answered(status: int) -> httpx.Response:
    """Make an answer."""
    return httpx.Response(status, json={"message": "No"}, headers={"Retry-After": "7"}, request=REQUEST)


def decode_error() -> errors.DecodeError:
    """Make the error of an answer that cannot be read."""
    error = errors.DecodeError("images[2].uri", "is missing")
    error.response = answered(200)
    return error


JOB = InferenceEntity.from_dict(
    {
        "id": "1",
        "state": "unheard of",
        "createdAt": "2023-02-10T08:08:25.842Z",
        "prompt": "A photo",
        "negativePrompt": "",
        "seed": 1,
        "width": 8,
        "height": 8,
        "promptStrength": 7,
        "numberOfImages": 1,
        "steps": 1,
        "images": [{"id": "2", "uri": "https://example.com/0.png", "createdAt": "2023-06-20 07:04:01.634307+00"}],
        "modelId": "m",
        "sampler": "ddim",
    }
)
STATUSES = (400, 401, 402, 403, 404, 409, 422, 429, 500, 520)
ERRORS: dict[str, LeapError] = {
    **{str(status): errors.api_error(answered(status), b'{"message": "No"}', timedelta(1)) for status in STATUSES},
    "LeapError": LeapError("no token"),
    "DecodeError": decode_error(),
    "DecodeError without an answer": errors.DecodeError("", "is not JSON"),
    "ConnectionFailed": errors.ConnectionFailed("lost", request=REQUEST, maybe_sent=True),
    "RequestTimeout": errors.RequestTimeout("late", request=REQUEST, maybe_sent=False),
    "JobFailed": errors.JobFailed("failed", JOB),
    "JobTimeout": errors.JobTimeout("late", JOB),
}


@every_way
@pytest.mark.parametrize("case", ERRORS)
def test_copy_of_an_error_says_the_same(case: str, way: str) -> None:
    """An error that was copied or pickled is of its class, and has the message, the notes and all attributes."""
    error = ERRORS[case]
    error.__dict__.pop("__notes__", None)
    error.add_note("while painting")
    made = WAYS[way](error)
    assert type(made) is type(error)
    assert (str(made), repr(made), made.args, made.__notes__) == (str(error), repr(error), error.args, error.__notes__)
    assert vars(made).keys() == vars(error).keys()
    assert {name: comparable(value) for name, value in vars(made).items()} == {
        name: comparable(value) for name, value in vars(error).items()
    }
    with pytest.raises(type(error)):
        raise made


def comparable(value: Any) -> Any:
    """Give what tells two objects of httpx apart, which they do not tell themselves."""
    if isinstance(value, httpx.Request):
        return value.method, value.url, value.headers, value.content
    if isinstance(value, httpx.Response):
        return value.status_code, value.headers, value.content, comparable(value.request)
    return value


def test_tree_covers_every_error() -> None:
    """The copies above are of every class of the tree that is ever raised."""
    assert {type(error).__name__ for error in ERRORS.values()} == set(errors.__all__)
    assert issubclass(ApiError, LeapError)


@every_way
@pytest.mark.parametrize("value", [JOB, JOB.images[0], CreateInferenceDto(prompt="A photo", seed=0)], ids=repr)
def test_copy_of_a_model_is_the_same(value: Any, way: str) -> None:
    """A job, an image or a request that was copied or pickled is equal, with unknown fields, and unset ones unset."""
    made = WAYS[way](value)
    assert type(made) is type(value)
    assert made == value
    assert made.to_dict() == value.to_dict()


def test_deep_copy_of_a_job_is_its_own() -> None:
    """Changing a deep copy changes nothing of the original."""
    made = copy.deepcopy(JOB)
    made.images[0].uri = made["sampler"] = "other"
    assert (JOB.images[0].uri, JOB["sampler"]) == ("https://example.com/0.png", "ddim")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("way", ["pickle", "oldest pickle", "deepcopy"])
def test_copy_of_a_detailed_answer_says_the_same(leap: Leap, sandbox: Sandbox, way: str) -> None:
    """A detailed answer, or a real error, can be sent to another process."""
    answer = leap.images.generate_detailed(MODEL, prompt="A photo")
    made = WAYS[way](answer)
    assert isinstance(made, Response)
    assert (made.status_code, made.headers, made.content, made.parsed, made.elapsed) == (
        answer.status_code,
        answer.headers,
        answer.content,
        answer.parsed,
        answer.elapsed,
    )
    assert comparable(made.request) == comparable(answer.request)
    for fault in (Fault.answer(404), Fault.html(), Fault.dropped(), Fault.answer(429, retry_after=99)):
        sandbox.faults.add(fault, times=None)
        with pytest.raises(LeapError) as raised:
            leap.images.find_one(MODEL, "1")
        assert str(WAYS[way](raised.value)) == str(raised.value)
        sandbox.faults.clear()
