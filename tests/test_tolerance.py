"""Nothing that the service answers is lost: a job opens as far as it can be read, and no call fails for the rest."""

import copy
import gc
import json
import logging
import pickle
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients import Clock
from contract import CASES
from leap_client import AsyncLeap, Leap, PublicModel, _reading, models, webhooks
from leap_client.api import images
from leap_client.errors import DecodeError, JobFailed
from leap_client.models import InferenceEntity, InferenceImageEntity, JobState
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
JOBS: list[dict[str, Any]] = [
    job
    for case in CASES
    if not case.is_error and case.body
    for job in (case.body if isinstance(case.body, list) else [case.body])
    if "prompt" in job
]
JOB = {**next(job for job in JOBS if len(job["images"]) > 1), "state": "finished"}
IMAGE = JOB["images"][0]
NAMES: dict[str, str] = {
    "createdAt": "created_at",
    "images": "images",
    "steps": "steps",
    "prompt": "prompt",
}
# Deviations that were seen, or that a mock of the vendor's own document shows.
DEVIATIONS: dict[str, dict[str, Any]] = {
    "a word for a moment": {"createdAt": "string"},
    "null for the images": {"images": None},
    "null for a text": {"prompt": None},
    "a text for a number": {"steps": "50"},
}
every_deviation = pytest.mark.parametrize("change", DEVIATIONS.values(), ids=DEVIATIONS)


def repickled(value: Any) -> Any:
    """Return what comes out of a pickle."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


# Any call.


@every_deviation
def test_calls_give_what_can_be_read(leap: Leap, sandbox: Sandbox, change: dict[str, Any]) -> None:
    """Every operation gives the job although a field cannot be read, which is refused when it is touched."""
    body = {**JOB, **change}
    sandbox.faults.add(Fault.json(body), Fault.json(body), Fault.json([body]))
    found = (
        leap.images.generate(MODEL, prompt="A photo"),
        leap.images.find_one(MODEL, "1"),
        leap.images.list_all(MODEL)[0],
    )
    (name,) = change
    for job in found:
        assert (job.id, job.current_state, job.to_dict()) == (JOB["id"], JobState.FINISHED, body)
        with pytest.raises(DecodeError, match=f" answered 200, but .*{name} should be ") as raised:
            getattr(job, NAMES[name])
        assert raised.value.response is not None
        assert raised.value.response.content == json.dumps(raised.value.response.json()).encode()


@every_deviation
def test_unreadable_field_travels_with_the_job(change: dict[str, Any]) -> None:
    """A job with an unreadable field is shown, compared, copied and pickled like any other."""
    job = InferenceEntity.from_dict({**JOB, **change})
    (name,) = change
    assert f"{NAMES[name]}=<unreadable: should be " in repr(job)
    for made in (copy.copy(job), copy.deepcopy(job), repickled(job)):
        assert made == job
        assert made.to_dict() == job.to_dict()
        assert repr(made) == repr(job)
    assert job != InferenceEntity.from_dict(JOB)


def test_job_can_be_changed() -> None:
    """What is set on a job is in its JSON; the rest of it stays as it came, and so does what it was read from."""
    sent = {**JOB, "createdAt": "string", "more": {"deep": [1]}}
    job = InferenceEntity.from_dict(sent)
    job.prompt = "Another"
    job.images[0].uri = "https://example.com/0.png"
    job["more"]["deep"].append(2)
    images = [{**IMAGE, "uri": "https://example.com/0.png"}, *JOB["images"][1:]]
    assert job.to_dict() == {**sent, "prompt": "Another", "images": images, "more": {"deep": [1, 2]}}
    assert sent == {**JOB, "createdAt": "string", "more": {"deep": [1]}}
    sent["more"]["deep"].clear()
    job.to_dict()["more"]["deep"].clear()
    assert job["more"] == {"deep": [1, 2]}


def test_item_that_is_no_object_raises_when_touched() -> None:
    """Images are there although one of them is no object: that one has no field that can be read."""
    job = InferenceEntity.from_dict({**JOB, "images": [IMAGE, "x", {"id": "1"}]})
    assert [type(image) for image in job.images] == [InferenceImageEntity] * 3
    assert (job.images[0].uri, job.images[2].id) == (IMAGE["uri"], "1")
    with pytest.raises(DecodeError, match=r"^images\[1\] should be an object, got a string like 'a'$"):
        _ = job.images[1].uri
    with pytest.raises(DecodeError, match=r"^images\[2\].uri is missing$"):
        _ = job.images[2].uri
    assert job.to_dict()["images"] == [IMAGE, "x", {"id": "1"}]


@pytest.mark.parametrize("change", [{"state": 3, "status": "failed"}, {"state": None, "status": "failed"}])
def test_state_is_read_from_either_field(change: dict[str, Any]) -> None:
    """The current state is that of the field that can be read."""
    assert InferenceEntity.from_dict({**JOB, **change}).current_state is JobState.FAILED


@pytest.mark.parametrize("state", [3, None, ["finished"]])
def test_state_that_is_nowhere_is_refused(state: Any) -> None:
    """Where no field has a state that can be read, the current state is a DecodeError."""
    with pytest.raises(DecodeError):
        _ = InferenceEntity.from_dict({**JOB, "state": state, "status": None}).current_state


def test_origin_survives_copies_and_half_of_it_a_pickle(leap: Leap, sandbox: Sandbox) -> None:
    """A copied job still tells its place and its answer, a pickled one its place."""
    sandbox.faults.add(Fault.json([JOB, {**JOB, "seed": "x"}]))
    job = leap.images.list_all(MODEL)[1]
    for made, keeps in ((job, True), (copy.copy(job), True), (copy.deepcopy(job), True), (repickled(job), False)):
        with pytest.raises(DecodeError) as raised:
            _ = made.seed
        assert raised.value.field == "[1].seed"
        assert (raised.value.response is not None) is keeps
        error = repickled(raised.value)
        assert (error.field, str(error)) == (raised.value.field, str(raised.value))


@pytest.mark.parametrize(("change", "kept"), [({}, 0), ({"seed": "x"}, 1)], ids=["readable", "unreadable"])
def test_answer_is_kept_for_unreadable_fields_alone(
    leap: Leap, sandbox: Sandbox, change: dict[str, Any], kept: int
) -> None:
    """Jobs that are as documented keep no answer in memory; one that is not keeps its own."""
    body = {**JOB, "prompt": f"A photo that is like no other, {sandbox.url}", **change}
    sandbox.faults.add(Fault.json([body]))
    jobs = leap.images.list_all(MODEL)
    gc.collect()
    answers = [each for each in gc.get_objects() if type(each) is httpx.Response and each.is_closed]
    assert len([each for each in answers if each.content == json.dumps([body]).encode()]) == kept
    assert jobs[0].prompt == body["prompt"]


# Whatever is missing or wrong, hypothesis says.

values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)


@given(job=st.sampled_from(JOBS), data=st.data())
def test_every_readable_field_is_as_in_strict_reading(job: dict[str, Any], data: st.DataObject) -> None:
    """Fields that are taken away or replaced keep no job from being read, and no other field from being what it was."""
    whole = InferenceEntity.from_dict(job, strict=True)
    touched = data.draw(st.sets(st.sampled_from(sorted(job)), min_size=1))
    damaged = {name: value for name, value in job.items() if name not in touched}
    damaged |= data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(touched), values)))
    read = InferenceEntity.from_dict(damaged)
    keys = {name: whole._names[name] for name in whole._names}  # noqa: SLF001 - the names in JSON
    assert json.dumps(read.to_dict()) == json.dumps(damaged)
    assert all(getattr(read, name) == getattr(whole, name) for name, key in keys.items() if key not in touched)


# What needs a part only.


def test_failed_job_raises_whatever_else_it_holds(leap: Leap, sandbox: Sandbox, clock: Clock) -> None:
    """A wait needs the state and nothing else: a job that failed is JobFailed, one that finished is given."""
    assert clock.naps == []
    sandbox.faults.add(Fault.json({"status": "failed"}), Fault.json({"id": 5, "state": "finished"}))
    with pytest.raises(JobFailed) as raised:
        leap.images.wait(MODEL, "1")
    assert raised.value.job.to_dict() == {"status": "failed"}
    assert leap.images.wait(MODEL, "1").to_dict() == {"id": 5, "state": "finished"}


@pytest.mark.parametrize(
    "fault", [Fault.html(), Fault.json([]), Fault.json({"id": "1"})], ids=["HTML", "array", "stateless"]
)
def test_wait_survives_two_unreadable_polls(leap: Leap, sandbox: Sandbox, clock: Clock, fault: Fault) -> None:
    """A poll that cannot be read does not end a wait; three in a row with the same fault do, with it as the cause."""
    sandbox.faults.add(fault, fault, Fault.json(JOB))
    assert leap.images.wait(MODEL, "1").id == JOB["id"]
    naps = len(clock.naps)
    sandbox.faults.add(fault, fault, fault, Fault.json(JOB))
    with pytest.raises(DecodeError, match="3 polls in a row") as raised:
        leap.images.wait(MODEL, "1")
    assert isinstance(raised.value.__cause__, DecodeError)
    assert len(clock.naps) == naps + 2
    sandbox.faults.clear()


def test_download_needs_addresses_only(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """Images are saved although the job has no id, and one without an address keeps no other from being saved."""
    done = leap.images.find_one(MODEL, sandbox.add_jobs(numberOfImages=1)[0].id)
    job = InferenceEntity.from_dict({"images": [{"uri": done.images[0].uri}, {"id": "2"}, 7]})
    with pytest.raises(DecodeError) as raised:
        leap.images.download(job, tmp_path)
    assert raised.value.job is job
    assert [path.name for path in tmp_path.iterdir()] == ["image-0.png"]


def test_walk_yields_what_has_no_id(leap: Leap, sandbox: Sandbox) -> None:
    """An item without an id is one of its own, however many say the same on its page and on others."""
    pages: list[list[dict[str, Any]]] = [
        [{"id": "1"}, {"prompt": "a"}, {"prompt": "a"}],
        [{"id": "2"}, {"prompt": "a"}, {"prompt": "b"}],
        [{"prompt": "a"}, {"prompt": "a"}, {"prompt": "a"}],
        [],
    ]
    sandbox.faults.add(*map(Fault.json, pages))
    items = [item.to_dict() for item in leap.images.iter_all(MODEL, page_size=3)]
    assert items == [item for page in pages for item in page]


def test_walk_through_what_repeats_itself_ends(leap: Leap, sandbox: Sandbox) -> None:
    """A server that does not know `page` gives each item once, with an id or without, or even no object."""
    page = [{"prompt": "a"}, {"prompt": "a"}, {"id": "1"}, "x"]
    sandbox.faults.add(Fault.json(page), times=50)
    items = list(leap.images.iter_all(MODEL))
    assert [item.to_dict() for item in items[:3]] == page[:3]
    assert len(items) == 4
    assert len(sandbox.requests) <= 4


@pytest.mark.parametrize(
    ("body", "state"),
    [
        pytest.param({"succeeded": True, "result": {"id": "1"}}, JobState.FINISHED, id="success"),
        pytest.param({"succeeded": False, "result": {"id": "1"}}, JobState.FAILED, id="failure"),
        pytest.param({"id": "1", "state": "failed", "result": {"images": None}}, JobState.FAILED, id="state"),
        pytest.param({"succeeded": False, "result": {"state": "finished"}}, JobState.FINISHED, id="the job's own"),
    ],
)
def test_webhook_takes_the_state_from_its_envelope(body: dict[str, Any], state: JobState) -> None:
    """What the envelope says of the state holds where the job says nothing of it."""
    assert webhooks.parse(json.dumps(body)).current_state is state


# What is learnt of it.


def test_each_deviation_is_logged_once(
    leap: Leap, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each kind of deviation is one warning with the operation, the field and what came, but not its text."""
    monkeypatch.setattr(_reading, "_reported", set())
    body = {**JOB, "createdAt": "5ecret", "images": [{**IMAGE, "createdAt": 5}]}
    sandbox.faults.add(Fault.json(body), Fault.json([body, body]))
    with caplog.at_level(logging.WARNING, "leap_client"):
        leap.images.find_one(MODEL, "1")
        leap.images.list_all(MODEL)
    assert [record.getMessage().removesuffix("; the rest can be read") for record in caplog.records] == [
        "find_one: InferenceEntity.createdAt should be a date and time, got a string like '0aaaaa'",
        "find_one: InferenceImageEntity.createdAt should be a date and time, got an integer",
    ]


def public_functions() -> dict[str, Callable[..., Any]]:
    """Find the functions and methods of the public classes."""
    owners = [*(getattr(models, name) for name in models.__all__), Leap, AsyncLeap]
    owners += [type(Leap("t").images), type(AsyncLeap("t").images), *vars(images).values()]
    return {
        f"{owner.__name__}.{name}": member
        for owner in owners
        if hasattr(owner, "__name__")
        for name, member in vars(owner).items()
        if callable(member) and not name.startswith("_") and hasattr(member, "__annotations__")
    }


@pytest.mark.parametrize("name", public_functions())
def test_annotations_resolve(name: str) -> None:
    """Tools that build schemas from signatures find every name in them."""
    assert typing.get_type_hints(public_functions()[name]) is not None


def test_state_promises_no_closed_set() -> None:
    """The type of an open enum says that other strings may come, so that a type checker asks for the rest."""
    hints = typing.get_type_hints(InferenceEntity)
    assert str in typing.get_args(hints["state"])
    assert JobState in typing.get_args(hints["state"])
