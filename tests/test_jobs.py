"""A job from its submission to its images: paid for once, never lost, and as many at a time as one likes."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from PIL import Image

from clients import Clock
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import (
    AuthenticationError,
    BadRequestError,
    DecodeError,
    JobFailed,
    JobTimeout,
    LeapError,
    NotFoundError,
    PaymentRequiredError,
    ServerError,
)
from leap_client.models import InferenceEntity
from rig import FAIL, Fault, Sandbox

MODEL = PublicModel.STABLE_DIFFUSION_1_5
PROMPT = "A photo of an astronaut riding a horse"


@pytest.fixture(autouse=True)
def _ten_seconds(sandbox: Sandbox, clock: Clock) -> None:
    """Jobs take ten seconds, by a clock that lets nobody wait."""
    sandbox.reset(seconds=10, clock=clock)


def test_main_job(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """Submit, wait, save, list, delete: each is one call, and the images are images of the right size."""
    job = leap.images.generate_and_wait(MODEL, prompt=PROMPT, number_of_images=3, width=64, height=32)
    assert job.current_state == "finished"
    paths = leap.images.download(job, tmp_path)
    assert [path.name for path in paths] == [f"{job.id}-{number}.png" for number in range(3)]
    for path in paths:
        with Image.open(path) as image:
            assert image.size == (64, 32)
    assert [each.id for each in leap.images.iter_all(MODEL, only_finished=True)] == [job.id]
    leap.images.delete(MODEL, job.id)
    assert list(leap.images.iter_all(MODEL)) == []
    assert len(sandbox.submitted) == 1


def test_requests(leap: Leap, sandbox: Sandbox, clock: Clock) -> None:
    """One submission, then a poll after each pause; none before the first pause, the job being new."""
    leap.images.generate_and_wait(MODEL, prompt=PROMPT)
    polls = len(clock.naps)
    assert 8 <= polls <= 12
    assert [request.method for request in sandbox.requests] == ["POST", *["GET"] * polls]


def test_arguments(leap: Leap, sandbox: Sandbox) -> None:
    """All that a submission can say is sent, and nothing that nobody said."""
    leap.images.generate_and_wait(
        MODEL,
        prompt=PROMPT,
        negative_prompt="",
        steps=50,
        width=64,
        height=64,
        number_of_images=2,
        prompt_strength=7.5,
        seed=3_340_821_524,
        webhook_url="http://127.0.0.1:1/",
    )
    assert sandbox.requests[0].json() == {
        "prompt": PROMPT,
        "negativePrompt": "",
        "steps": 50,
        "width": 64,
        "height": 64,
        "numberOfImages": 2,
        "promptStrength": 7.5,
        "seed": 3_340_821_524,
        "webhookUrl": "http://127.0.0.1:1/",
    }
    leap.images.generate_and_wait(MODEL, prompt=PROMPT)
    assert next(each for each in sandbox.requests[1:] if each.method == "POST").json() == {"prompt": PROMPT}


def test_updates(leap: Leap) -> None:
    """`on_update` is told the submission and every change, but not that a look spells the same in other words."""
    told: list[str] = []
    leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=lambda job: told.append(job.current_state))
    assert told == ["queued", "processing", "finished"]


@pytest.mark.parametrize(
    ("change", "error"),
    [({"state": 3, "status": None}, None), ({"id": None}, DecodeError), ({}, None)],
    ids=["state", "id", "nothing"],
)
def test_submitted_job_is_told_before_the_first_pause(
    leap: Leap, sandbox: Sandbox, clock: Clock, change: dict[str, Any], error: type[LeapError] | None
) -> None:
    """`on_update` has the submitted job before anything else can go wrong, whatever of it cannot be read."""
    body = {**leap.images.generate(MODEL, prompt=PROMPT).to_dict(), **change}
    sandbox.faults.add(Fault.json(body, status=201))
    told: list[tuple[dict[str, Any], int]] = []
    raised: list[LeapError] = []
    try:
        leap.images.generate_and_wait(
            MODEL, prompt=PROMPT, on_update=lambda job: told.append((job.to_dict(), len(clock.naps)))
        )
    except LeapError as caught:
        raised.append(caught)
    assert told[0] == (body, 0)
    assert [(type(each), each.job.to_dict()) for each in raised] == ([(error, body)] if error else [])


# Whatever goes wrong after the submission.


@frozen
class Frozen(Exception):  # noqa: N818 - its name says what it is
    """An exception whose attributes cannot be set."""

    why: str = ""


def broken(_job: InferenceEntity) -> None:
    """Be an `on_update` that fails."""
    raise ZeroDivisionError


AFTERWARDS: dict[str, tuple[list[Fault], dict[str, Any], type[BaseException]]] = {
    "failed": ([], {"prompt": FAIL}, JobFailed),
    "timeout": ([], {"timeout": 5}, JobTimeout),
    "timeout before any look": ([], {"timeout": 0}, JobTimeout),
    "on_update": ([], {"on_update": broken}, ZeroDivisionError),
    "400": ([Fault.answer(400)], {}, BadRequestError),
    "401": ([Fault.answer(401)], {}, AuthenticationError),
    "402": ([Fault.answer(402)], {}, PaymentRequiredError),
    "404": ([Fault.late(0), Fault.answer(404)], {}, NotFoundError),
    "503 for ever": ([Fault.answer(503)] * 99, {"timeout": 50}, JobTimeout),
    "HTML for ever": ([Fault.html()] * 99, {"timeout": 50}, DecodeError),
    "no connection": ([Fault.dropped("unread", reset=True)] * 99, {"timeout": 50}, JobTimeout),
}


@pytest.mark.parametrize(("faults", "options", "error"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_job_is_never_lost(
    leap: Leap, sandbox: Sandbox, faults: list[Fault], options: dict[str, Any], error: type[BaseException]
) -> None:
    """Whatever goes wrong after the submission, there is one, and its job is on the exception."""
    sandbox.faults.add(*faults, method="GET")
    with pytest.raises(error) as caught:
        leap.images.generate_and_wait(MODEL, **{"prompt": PROMPT, **options})
    (job,) = sandbox.submitted
    assert vars(caught.value)["job"].id == job.id
    assert [request.method for request in sandbox.requests].count("POST") == 1


def test_interrupted(leap: Leap, sandbox: Sandbox, clock: Clock) -> None:
    """Ctrl-C leaves the job on the exception, and its ids in what Python prints of it."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    clock.on_nap = interrupt
    with pytest.raises(KeyboardInterrupt) as caught:
        leap.images.generate_and_wait(MODEL, prompt=PROMPT)
    assert vars(caught.value)["job"].id == sandbox.submitted[0].id
    (note,) = caught.value.__notes__
    assert f"(model {MODEL.value})" in note
    assert sandbox.submitted[0].id in note


def test_exception_that_cannot_be_changed(leap: Leap, sandbox: Sandbox) -> None:
    """An exception that takes no attribute is raised all the same, and its note has the id of the job."""

    def break_down(_job: InferenceEntity) -> None:
        raise Frozen

    with pytest.raises(Frozen) as caught:
        leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=break_down)
    assert sandbox.submitted[0].id in caught.value.__notes__[0]


def test_strange_id(leap: Leap, sandbox: Sandbox) -> None:
    """A job whose id cannot be put into a path is not lost either."""
    body = leap.images.generate(MODEL, prompt=PROMPT).to_dict()
    sandbox.faults.add(Fault.json({**body, "id": ".."}, status=201))
    with pytest.raises(ValueError, match="inference_id") as caught:
        leap.images.generate_and_wait(MODEL, prompt=PROMPT)
    assert vars(caught.value)["job"].id == ".."


def test_closed_meanwhile(sandbox: Sandbox) -> None:
    """A client that is closed during the wait does not lose the job."""
    leap = Leap(sandbox.token, base_url=sandbox.url)
    with pytest.raises(RuntimeError, match="this Leap is closed") as caught:
        leap.images.generate_and_wait(MODEL, prompt=PROMPT, on_update=lambda _: leap.close())
    assert vars(caught.value)["job"].id == sandbox.submitted[0].id


# Before and during the submission.


IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "timeout": ({"timeout": -1}, "timeout must be at least 0 seconds"),
    "model": ({"model_id": f"{MODEL}\t"}, "white space"),
    "prompt": ({"prompt": ""}, "prompt must not be empty"),
    "width": ({"width": 1023}, "width must be a multiple of 8, got 1023"),
}


@pytest.mark.parametrize(("options", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_arguments(leap: Leap, sandbox: Sandbox, options: dict[str, Any], reason: str) -> None:
    """What cannot be right is said before anything is paid for."""
    with pytest.raises(ValueError, match=reason):
        leap.images.generate_and_wait(**{"model_id": MODEL, "prompt": PROMPT, **options})
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(Fault.answer(500, acts=True), ServerError, id="500"),
        pytest.param(Fault.dropped(acts=True), LeapError, id="dropped"),
        pytest.param(Fault.html(status=201, acts=True), DecodeError, id="HTML"),
    ],
)
def test_submission_in_doubt(leap: Leap, sandbox: Sandbox, fault: Fault, error: type[LeapError]) -> None:
    """A submission that may have taken effect is never repeated, and nothing is waited for."""
    sandbox.faults.add(fault)
    with pytest.raises(error):
        leap.images.generate_and_wait(MODEL, prompt=PROMPT)
    assert [request.method for request in sandbox.requests] == ["POST"]
    assert len(sandbox.submitted) == 1


def test_submission_repeated(leap: Leap, sandbox: Sandbox) -> None:
    """A submission that certainly took no effect is repeated, and there is one job."""
    sandbox.faults.add(Fault.answer(429))
    assert leap.images.generate_and_wait(MODEL, prompt=PROMPT).current_state == "finished"
    assert len(sandbox.submitted) == 1


# Models by name.


def test_public_models(leap: Leap, sandbox: Sandbox) -> None:
    """Every public model has a name, which is taken wherever an id is, and is one."""
    assert {str(model) for model in PublicModel} == set(sandbox.facts.models)
    for model in PublicModel:
        assert leap.images.generate_and_wait(model, prompt=PROMPT).model_id == model
    job = leap.images.generate(MODEL, prompt=PROMPT)
    calls: list[Callable[[str], object]] = [
        leap.images.list_all,
        lambda model: next(iter(leap.images.iter_all(model))),
        lambda model: leap.images.wait(model, job.id),
        lambda model: leap.images.find_one(model, job.id),
        lambda model: leap.images.delete(model, job.id),
    ]
    for call in calls:
        call(PublicModel.STABLE_DIFFUSION_1_5)
        assert f"/models/{MODEL.value}/" in sandbox.requests[-1].target


# Many at once.


class Race(Clock):
    """A clock for many at once: it goes on to the next end of a pause as soon as all who race are pausing."""

    def __init__(self, racers: int) -> None:
        super().__init__()
        self._racers = racers
        self._pauses: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = itertools.count()

    async def sleep_async(self, seconds: float) -> None:
        """Pause until the clock has gone on."""
        over = asyncio.Event()
        heapq.heappush(self._pauses, (self.now + seconds, next(self._numbers), over))
        self._go_on()
        await over.wait()

    async def run(self, work: Awaitable[InferenceEntity]) -> InferenceEntity:
        """Have one racer do its work."""
        try:
            return await work
        finally:
            self._racers -= 1
            self._go_on()

    def _go_on(self) -> None:
        if self._pauses and len(self._pauses) == self._racers:
            self.now, _, over = heapq.heappop(self._pauses)
            over.set()


def test_hundred_jobs_at_once(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred jobs at once take a tenth longer than the slowest of them at most, and are paid for once each."""
    race = Race(100)
    race.rule(monkeypatch)
    sandbox.reset(seconds=(4, 20), clock=race)
    started = race.now

    async def main() -> list[InferenceEntity]:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url) as leap:
            jobs = (leap.images.generate_and_wait(MODEL, prompt=f"{PROMPT}, {number}") for number in range(100))
            return await asyncio.gather(*map(race.run, jobs))

    jobs = asyncio.run(main())
    assert {job.current_state for job in jobs} == {"finished"}
    assert [job.prompt for job in jobs] == [f"{PROMPT}, {number}" for number in range(100)]
    assert len(sandbox.submitted) == 100
    assert race.now - started <= 1.1 * max(job.ends - job.starts for job in sandbox.submitted)
