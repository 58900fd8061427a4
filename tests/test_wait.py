"""`wait` follows a job to its end, whatever the server does in between, and no longer than it was told to."""

import asyncio
import json
import random
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from clients import KINDS, Clock, opened
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConnectionFailed,
    DecodeError,
    JobFailed,
    JobTimeout,
    LeapError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeout,
    ServerError,
)
from leap_client.models import InferenceEntity
from rig import Fault, Job, Sandbox

MODEL = PublicModel.STABLE_DIFFUSION_1_5

# How many times a job of ten seconds is polled if every pause has its longest jitter, and its shortest one.
FEWEST, MOST = 11, 15

# What may go wrong with a look and be over at the next one, and how the client calls it.
PASSING = {
    "500": (Fault.answer(500), ServerError),
    "502": (Fault.html(status=502), ServerError),
    "503": (Fault.answer(503), ServerError),
    "520": (Fault.answer(520), ServerError),
    "524": (Fault.answer(524), ServerError),
    "408": (Fault.answer(408), ApiError),
    "429": (Fault.answer(429), RateLimitError),
    "dropped": (Fault.dropped(), ConnectionFailed),
    "reset": (Fault.dropped("unread", reset=True), ConnectionFailed),
    "half a body": (Fault.half(), ConnectionFailed),
    "HTML": (Fault.html(), DecodeError),
    "no JSON": (Fault.invalid_json(), DecodeError),
    "another JSON": (Fault.json([]), DecodeError),
    "no state": (Fault.json({"id": "a047df00"}), DecodeError),
    "empty": (Fault.empty(), DecodeError),
}

# What will be the same at the next look.
FINAL = {
    "400": (Fault.answer(400), BadRequestError),
    "401": (Fault.answer(401), AuthenticationError),
    "402": (Fault.answer(402), PaymentRequiredError),
    "403": (Fault.answer(403), PermissionDeniedError),
    "404": (Fault.answer(404), NotFoundError),
    "410": (Fault.answer(410), ApiError),
    "a redirect": (Fault.redirect("/elsewhere"), ApiError),
}

# How long the server asks to be left alone, and how long it is.
ASKED = {
    "longer than the pause": (4, 4),
    "shorter than the pause": (0, 0.8),
    "longer than the wait": (3600, 8),
    "a date": (datetime.now(UTC) + timedelta(days=1), 8),
}


def cases(table: dict[str, tuple[Any, ...]]) -> Any:
    """Make the parameters of a test from a table."""
    return [pytest.param(*row, id=name) for name, row in table.items()]


@dataclass
class Scene:
    """A job of ten seconds, and all that have to do with it.

    Args:
        leap: Who waits for it.
        sandbox: Where it is.
        clock: What they both go by.
        job: The job.
    """

    leap: Leap
    sandbox: Sandbox
    clock: Clock
    job: Job

    def wait(self, **options: Any) -> InferenceEntity:
        """Wait for the job."""
        return self.leap.images.wait(MODEL, self.job.id, **options)

    def told(self, **options: Any) -> list[str]:
        """Wait for the job, and give the states that `on_update` was told."""
        states: list[str] = []
        try:
            self.wait(on_update=lambda job: states.append(job.current_state), **options)
        except LeapError as error:
            states.append(type(error).__name__)
        return states

    @property
    def looks(self) -> int:
        """How many times the job was looked at."""
        return len(self.sandbox.requests)


@pytest.fixture
def job(sandbox: Sandbox, clock: Clock) -> Job:
    """A job that takes ten seconds."""
    sandbox.reset(seconds=10, clock=clock)
    return sandbox.add_jobs(model_id=MODEL)[0]


@pytest.fixture
def scene(leap: Leap, sandbox: Sandbox, clock: Clock, job: Job, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A job that takes ten seconds, before anybody has looked at it."""
    # Sockets go by real time: a busy machine may take longer than the two seconds of a look at the deadline.
    monkeypatch.setattr("leap_client._waiting.LAST_POLL", 30.0)
    return Scene(leap, sandbox, clock, job)


def test_finished(scene: Scene) -> None:
    """The first poll is made at once, and then one about every second, so that an end is noticed soon."""
    found = scene.wait()
    assert found.current_state == "finished"
    assert len(found.images) == 1
    assert FEWEST <= scene.looks <= MOST
    assert 0.7 < min(scene.clock.naps) < max(scene.clock.naps) < 1.2


def test_waits_that_begin_together_do_not_poll_together(scene: Scene) -> None:
    """Every pause has its jitter."""
    scene.wait()
    assert len(set(scene.clock.naps)) == len(scene.clock.naps)


@pytest.mark.parametrize("interval", [0.2, 3, 60])
def test_interval(scene: Scene, interval: float) -> None:
    """A caller chooses how often the job is polled, give or take the jitter."""
    with pytest.raises(JobTimeout):
        scene.wait(timeout=9, interval=interval)
    *pauses, last = scene.clock.naps
    assert last <= interval * 1.15
    assert all(interval * 0.85 <= pause <= interval * 1.15 for pause in pauses)


@pytest.mark.parametrize("interval", [0, -1, float("nan"), float("inf"), "1", True], ids=str)
def test_impossible_interval(leap: Leap, sandbox: Sandbox, interval: Any) -> None:
    """An invalid interval is refused before anything is sent, or paid for."""
    with pytest.raises((ValueError, TypeError), match="interval must be"):
        leap.images.generate_and_wait(MODEL, prompt="A", interval=interval)
    assert sandbox.requests == []


def test_failed(scene: Scene) -> None:
    """A job that fails ends the wait with the job, and its ids in words."""
    scene.job.fails = True
    with pytest.raises(JobFailed, match=rf"^job {scene.job.id} \(model {MODEL}\) failed$") as caught:
        scene.wait()
    assert caught.value.job.current_state == "failed"
    assert FEWEST <= scene.looks <= MOST


@pytest.mark.parametrize("timeout", [0, 300])
def test_already_finished(scene: Scene, timeout: float) -> None:
    """A job that has finished already takes one look and no pause, however short the timeout."""
    scene.clock.now = scene.job.ends
    assert scene.wait(timeout=timeout).current_state == "finished"
    assert (scene.looks, scene.clock.naps) == (1, [])


def test_already_failed(scene: Scene) -> None:
    """A job that has failed already takes one look and no pause."""
    scene.job.fails, scene.clock.now = True, scene.job.ends
    with pytest.raises(JobFailed):
        scene.wait()
    assert (scene.looks, scene.clock.naps) == (1, [])


@pytest.mark.parametrize("timeout", [0, 0.5, 1, 5, 9.999])
def test_deadline(scene: Scene, timeout: float) -> None:
    """A job that goes on ends the wait with the job as last seen, after a last poll exactly at the deadline."""
    started = scene.clock.now
    with pytest.raises(JobTimeout) as caught:
        scene.wait(timeout=timeout)
    state = scene.sandbox.state(scene.job)
    said = f"is still {state} after {timeout:g} s; call wait again to keep waiting"
    assert str(caught.value) == f"job {scene.job.id} (model {MODEL}) {said}"
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.job.id == scene.job.id
    assert caught.value.job.current_state == scene.sandbox.state(scene.job)
    assert scene.clock.now == pytest.approx(started + timeout)


def test_last_look(scene: Scene) -> None:
    """A job that ends just before the deadline is seen to have ended, by the look at the deadline."""
    assert scene.wait(timeout=10).current_state == "finished"


@pytest.mark.parametrize("timeout", [-1, float("nan")])
def test_impossible_timeout(leap: Leap, sandbox: Sandbox, timeout: float) -> None:
    """A timeout that cannot be right is refused before anything is sent."""
    with pytest.raises(ValueError, match="timeout must be at least 0 seconds"):
        leap.images.wait(MODEL, "a047df00", timeout=timeout)
    assert sandbox.requests == []


def test_unknown_state(scene: Scene) -> None:
    """A job in a state that nobody has heard of is not done."""
    body = scene.leap.images.find_one(MODEL, scene.job.id).to_dict()
    scene.sandbox.faults.add(Fault.json({**body, "state": "upscaling"}), times=20)
    assert scene.told() == ["upscaling", "finished"]


@pytest.mark.parametrize(("fault", "_error"), cases(PASSING))
def test_passing_trouble(scene: Scene, fault: Fault, _error: type[LeapError]) -> None:
    """What may pass does not end the wait, and takes no request beyond the polls that are made anyway."""
    scene.sandbox.faults.add(fault, times=2)
    assert scene.wait().current_state == "finished"
    assert scene.looks <= MOST


@pytest.mark.parametrize(("fault", "error"), cases({k: v for k, v in PASSING.items() if v[1] is not DecodeError}))
def test_trouble_without_end(scene: Scene, fault: Fault, error: type[LeapError]) -> None:
    """What does not pass until the deadline ends the wait there, and is its cause, in words too."""
    started = scene.clock.now
    scene.sandbox.faults.add(fault, times=None)
    with pytest.raises(JobTimeout) as caught:
        scene.wait(timeout=5)
    assert isinstance(caught.value.__cause__, error)
    assert str(caught.value.__cause__) in str(caught.value)
    assert caught.value.job is None
    assert scene.clock.now == pytest.approx(started + 5)


@pytest.mark.parametrize(("fault", "error"), cases({k: v for k, v in PASSING.items() if v[1] is DecodeError}))
def test_the_same_fault_again_and_again(scene: Scene, fault: Fault, error: type[LeapError]) -> None:
    """An answer that cannot be read, for the same reason three times in a row, ends the wait with that cause."""
    scene.sandbox.faults.add(Fault.late(0))
    scene.sandbox.faults.add(fault, times=None)
    with pytest.raises(error, match="3 polls in a row") as caught:
        scene.wait()
    assert isinstance(caught.value.__cause__, error)
    assert caught.value.job is not None
    assert scene.looks == 4


def test_trouble_that_has_passed(scene: Scene) -> None:
    """Trouble that has passed is not blamed for the job's going on, and its wish for a pause is forgotten."""
    scene.sandbox.faults.add(Fault.answer(503, retry_after=3))
    with pytest.raises(JobTimeout) as caught:
        scene.wait(timeout=8)
    assert caught.value.__cause__ is None
    assert "failed" not in str(caught.value)
    asked, next_pause, *_ = scene.clock.naps
    assert asked >= 3
    assert next_pause < 1.2


@pytest.mark.parametrize(("fault", "error"), cases(FINAL))
def test_final_trouble(scene: Scene, fault: Fault, error: type[ApiError]) -> None:
    """What will be the same at the next look ends the wait at once, with the job as it was last seen."""
    scene.sandbox.faults.add(Fault.late(0), fault)
    with pytest.raises(ApiError) as caught:
        scene.wait()
    assert type(caught.value) is error
    assert caught.value.job.id == scene.job.id
    assert scene.looks == 2


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "pause"), cases(ASKED))
def test_retry_after(scene: Scene, status: int, asked: float | datetime, pause: float) -> None:
    """The server is left alone for as long as it asks to be and hardly longer, but for the poll at the deadline."""
    scene.sandbox.faults.add(Fault.answer(status, retry_after=asked))
    with pytest.raises(JobTimeout):
        scene.wait(timeout=8)
    assert pause <= scene.clock.naps[0] <= min(pause * 1.3, 8)


@pytest.mark.parametrize("status", [429, 503])
def test_backoff(scene: Scene, status: int) -> None:
    """A server that refuses and names no time is left alone for longer each time."""
    scene.sandbox.faults.add(Fault.answer(status), times=4)
    with pytest.raises(JobTimeout):
        scene.wait(timeout=9, interval=0.5)
    first, second, third, *_ = scene.clock.naps
    assert 0.5 < first < second < third


@pytest.mark.parametrize("kind", KINDS)
def test_refusals_for_hours(kind: type[Leap | AsyncLeap], clock: Clock) -> None:
    """However often a server refuses, and however long it asks to be left alone, the wait goes on."""
    refusals = [httpx.Response(503)] * 1100 + [httpx.Response(503, headers={"retry-after": "9" * 20})]
    answers = iter([*refusals, httpx.Response(200, json={"id": "a047df00", "state": "finished"})])
    with opened(kind, "token-0123456789", transport=httpx.MockTransport(lambda _: next(answers))) as leap:
        assert leap.images.wait(MODEL, "a047df00", timeout=None).current_state == "finished"
    assert max(clock.naps[:-1]) < 40
    assert clock.naps[-1] < threading.TIMEOUT_MAX, "no clock of a system waits as long"


@pytest.fixture
def _silence(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first look get no answer, and be given up soon; a busy machine may take longer for the next ones."""
    monkeypatch.setattr("leap_client._waiting.LONGEST_POLL", 0.2)
    scene.clock.on_nap = lambda: monkeypatch.setattr("leap_client._waiting.LONGEST_POLL", 30.0)
    scene.sandbox.faults.add(Fault.silent())


@pytest.mark.usefixtures("_silence")
def test_silence(scene: Scene) -> None:
    """A server that does not answer is given up and looked at again, so that it does not hold the wait for ever."""
    assert scene.wait().current_state == "finished"
    assert scene.sandbox.faults.left == []


@pytest.mark.usefixtures("_silence")
def test_silence_at_the_deadline(scene: Scene) -> None:
    """A server that does not answer the last look has the wait end all the same, and is the cause of it."""
    with pytest.raises(JobTimeout) as caught:
        scene.wait(timeout=0)
    assert isinstance(caught.value.__cause__, RequestTimeout)


class Silence(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A server that never answers, by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the time pass that the client grants, and give up."""
        self.requests += 1
        self._clock.now += request.extensions["timeout"]["read"]
        raise httpx.ReadTimeout("The read operation timed out")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let the time pass that the client grants, and give up."""
        return self.handle_request(request)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("timeout", [0, 1, 5, 60, 300])
def test_silence_by_the_clock(kind: type[Leap | AsyncLeap], clock: Clock, timeout: float) -> None:
    """A server that never answers is looked at twice a minute, and delays the end of the wait by two seconds."""
    started, silence = clock.now, Silence(clock)
    with opened(kind, "token", transport=silence) as leap, pytest.raises(JobTimeout):
        leap.images.wait(MODEL, "a047df00", timeout=timeout)
    assert started + timeout <= clock.now <= started + timeout + 2
    assert silence.requests >= timeout / 30


@pytest.mark.parametrize("kind", KINDS)
def test_cost(kind: type[Leap | AsyncLeap], clock: Clock, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of jobs of 4 to 20 s, the end is seen 0.5 s late or sooner, by 13 requests or fewer, on average."""
    dice = random.Random(2023)  # noqa: S311 - dice, not secrets
    # With other jitter the mean delay of so few jobs would vary, by a standard deviation of 0.014 s.
    monkeypatch.setattr("leap_client._waiting.random", random.Random(2024))  # noqa: S311 - as above
    body = {"id": job.id, **job.request, "createdAt": "2023-02-10T08:08:25.842Z", "modelId": MODEL, "images": []}
    going, ended = (json.dumps({**body, "state": state}).encode() for state in ("processing", "finished"))
    requests, late, jobs = 0, 0.0, 400

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal requests
        requests += 1
        return httpx.Response(200, content=ended if clock.now >= ends else going)

    with opened(kind, "token", transport=httpx.MockTransport(answer)) as leap:
        for _ in range(jobs):
            ends = clock.now + dice.uniform(4, 20)
            leap.images.generate_and_wait(MODEL, prompt="A")
            late += clock.now - ends
    assert late / jobs <= 0.5
    assert requests / jobs <= 13


def test_updates(scene: Scene) -> None:
    """Every change is told once, the first sight and the end among them."""
    assert scene.told() == ["queued", "processing", "finished"]


def test_updates_of_failure(scene: Scene) -> None:
    """The failure is told, too, before it is raised."""
    scene.job.fails = True
    assert scene.told() == ["queued", "processing", "failed", "JobFailed"]


def test_updates_until_the_deadline(scene: Scene) -> None:
    """What is seen at the deadline is told."""
    assert scene.told(timeout=5) == ["queued", "processing", "JobTimeout"]


def test_updates_despite_trouble(scene: Scene) -> None:
    """A look that fails is no change, and neither is the next one that succeeds."""
    scene.sandbox.faults.add(Fault.late(0), Fault.answer(503), Fault.late(0), Fault.dropped())
    assert scene.told() == ["queued", "processing", "finished"]


def test_update_of_more_than_the_state(scene: Scene) -> None:
    """An image that is ready before the others is a change, although the state is the same."""
    body = scene.leap.images.find_one(MODEL, scene.job.id).to_dict() | {"state": "processing"}
    image = {"id": "5617d1cf", "uri": "https://static.example/0.png", "createdAt": "2023-06-20 07:04:01.634307+00"}
    scene.sandbox.faults.add(*(Fault.json({**body, "images": images}) for images in ([], [], [image])))
    told: list[int] = []
    scene.wait(on_update=lambda job: told.append(len(job.images)))
    assert told[:2] == [0, 1]


# The same as an iterator.


def test_watch(scene: Scene) -> None:
    """`for job in watch(...)` gets every change, the first sight and the end among them, and then ends."""
    jobs = list(scene.leap.images.watch(MODEL, scene.job.id))
    assert [job.current_state for job in jobs] == ["queued", "processing", "finished"]
    assert FEWEST <= scene.looks <= MOST
    assert [job.current_state for job in scene.leap.images.watch(jobs[0])] == ["finished"]


@pytest.mark.parametrize(
    ("fails", "timeout", "states", "error"),
    [
        (True, 300, ["queued", "processing", "failed"], JobFailed),
        (False, 5, ["queued", "processing"], JobTimeout),
        (False, None, ["queued", "processing", "finished"], None),
    ],
    ids=["failure", "timeout", "no limit"],
)
def test_watch_ends_as_wait_does(
    scene: Scene, *, fails: bool, timeout: float | None, states: list[str], error: type[LeapError] | None
) -> None:
    """A failure is told before it is raised; what is raised has the job, from `watch` as from `wait`."""
    scene.job.fails = fails
    raised: list[LeapError] = []
    told: list[str] = []
    try:
        for job in scene.leap.images.watch(MODEL, scene.job.id, timeout=timeout):
            told.append(job.current_state)  # noqa: PERF401 - a comprehension would lose them to the error
    except LeapError as caught:
        raised.append(caught)
    assert told == states
    assert [(type(each), each.job.id) for each in raised] == ([(error, scene.job.id)] if error else [])


def test_watch_that_is_left_asks_no_more(scene: Scene) -> None:
    """Who has seen enough leaves the loop, and nothing goes on behind it."""
    for job in scene.leap.images.watch(MODEL, scene.job.id):
        if job.current_state == "processing":
            break
    looks, threads = scene.looks, set(threading.enumerate())
    assert scene.leap.images.find_one(MODEL, scene.job.id).current_state == "processing"
    assert scene.looks == looks + 1
    assert set(threading.enumerate()) <= threads


def test_watch_refuses_impossible_arguments_at_once(leap: Leap, sandbox: Sandbox) -> None:
    """What cannot be right is said by the call, not by the first step of the loop."""
    with pytest.raises(ValueError, match="timeout must be at least 0 seconds"):
        leap.images.watch(MODEL, "a047df00", timeout=-1)
    assert sandbox.requests == []


def test_wait_without_a_limit(scene: Scene) -> None:
    """`timeout=None` is no limit, as in every other call."""
    scene.job.ends += 3600
    assert scene.wait(timeout=None).current_state == "finished"
    assert scene.clock.now >= scene.job.ends


# What calls back, and what interrupts.


@pytest.mark.parametrize("state", ["queued", "processing", "finished"])
def test_error_in_on_update(scene: Scene, state: str) -> None:
    """An exception in `on_update` ends the wait, and gets the job and a note of how to find it."""

    def show(job: InferenceEntity) -> None:
        if job.current_state == state:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        scene.wait(on_update=show)
    assert vars(caught.value)["job"].current_state == state == scene.sandbox.state(scene.job)
    assert any(scene.job.id in note for note in caught.value.__notes__)


def test_asynchronous_on_update(sandbox: Sandbox, job: Job) -> None:
    """`AsyncLeap` awaits what `on_update` returns, the failure included, before it goes on."""
    job.fails = True
    told: list[str] = []

    async def show(job: InferenceEntity) -> None:
        await asyncio.sleep(0)
        told.append(job.current_state)

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            await leap.images.wait(MODEL, job.id, on_update=show)

    with pytest.raises(JobFailed):
        asyncio.run(main())
    assert told == ["queued", "processing", "failed"]


def test_interrupt_during_a_pause(scene: Scene) -> None:
    """Ctrl-C in a pause ends the wait there and then, with the job, and leaves no thread behind."""
    threads = set(threading.enumerate())

    def interrupt() -> None:
        if len(scene.clock.naps) == 3:
            raise KeyboardInterrupt

    scene.clock.on_nap = interrupt
    with pytest.raises(KeyboardInterrupt) as caught:
        scene.wait()
    assert vars(caught.value)["job"].id == scene.job.id
    assert scene.looks == 3
    assert set(threading.enumerate()) <= threads


def test_interrupt_during_a_look(scene: Scene) -> None:
    """Ctrl-C in the middle of a look closes its connection, and the client goes on to work."""
    scene.sandbox.faults.add(Fault.silent())
    main = threading.get_ident()

    def interrupt() -> None:
        assert scene.sandbox.until(lambda: scene.looks == 1)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        scene.wait()
    thread.join()
    assert scene.sandbox.until(lambda: scene.sandbox.requests[0].ended)
    assert scene.wait().current_state == "finished"


@pytest.mark.parametrize("moment", ["look", "pause"])
def test_cancellation(sandbox: Sandbox, job: Job, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """A cancelled task ends at once, with the job, without another request, and without leaving a task."""
    looks = 1
    if moment == "pause":
        monkeypatch.undo()  # to pause in earnest, though not to the end
    else:
        sandbox.faults.add(Fault.late(0), Fault.silent())
        looks = 2

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            told = asyncio.Event()
            wait = leap.images.wait(MODEL, job.id, interval=3600, on_update=lambda _: told.set())
            task = asyncio.create_task(wait)
            await told.wait()
            await asyncio.to_thread(sandbox.until, lambda: len(sandbox.requests) == looks)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert vars(caught.value)["job"].id == job.id
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert (await leap.images.find_one(MODEL, job.id)).id == job.id

    asyncio.run(main())
    assert len(sandbox.requests) == looks + 1
