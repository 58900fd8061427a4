"""What a server sends becomes a typed object that has lost nothing, or a DecodeError that names the place."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import CASES, DOCUMENT
from leap_client import UNSET, Leap, PublicModel, Unset, _reading, models, webhooks
from leap_client._enums import OpenStrEnum
from leap_client.errors import DecodeError
from leap_client.models import CreateInferenceDto, InferenceEntity, InferenceImageEntity, JobState
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL

# The recorded jobs: the real ones, and those of which the vendor's documents speak.
JOBS: list[dict[str, Any]] = [
    job
    for case in CASES
    if not case.is_error and case.body
    for job in (case.body if isinstance(case.body, list) else [case.body])
    if "prompt" in job
]
JOB = next(job for job in JOBS if len(job["images"]) > 1)
REQUIRED: list[str] = DOCUMENT.raw["components"]["schemas"]["InferenceEntity"]["required"]


# Whatever comes, hypothesis says.


def json_values(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Make the strategy for JSON values with such numbers."""
    scalars = st.none() | st.booleans() | numbers | st.text()
    return st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


# Texts that a careless reader of dates would fall for.
moments = st.text("0123456789-:.+TtZz W", max_size=32) | st.datetimes().map(str) | st.dates().map(str)
anything = json_values(st.integers() | st.floats()) | moments


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """Draw a recorded job in which something is missing or something else."""
    job = copy.deepcopy(draw(st.sampled_from(JOBS)))
    for _ in range(draw(st.integers(1, 3))):
        places: list[dict[str, Any]] = [job, *(image for image in job.get("images") or [] if isinstance(image, dict))]
        place = draw(st.sampled_from(places))
        name = draw(st.sampled_from([*place, "state", "status", "more"]))
        if draw(st.booleans()):
            place.pop(name, None)
        else:
            place[name] = draw(anything)
        if not isinstance(job.get("images"), list):
            break
    return job


def answering(body: bytes) -> Leap:
    """Make a client whose server answers the same to everything."""
    return Leap("token-0123456789", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body)))


def in_json(value: Any) -> bytes:
    """Write a value as a server might, be it JSON or what Python takes for it."""
    return json.dumps(value).encode("utf-8", "surrogatepass")


def outcome(read: Callable[[], object]) -> object:
    """Give what is read, or the DecodeError, which must be able to say what is wrong."""
    try:
        return read()
    except DecodeError as error:
        return error if str(error) else None


READERS: dict[str, tuple[type, Callable[[Any], Any]]] = {
    "request": (CreateInferenceDto, CreateInferenceDto.from_dict),
    "job": (InferenceEntity, InferenceEntity.from_dict),
    "image": (InferenceImageEntity, InferenceImageEntity.from_dict),
    "webhook": (InferenceEntity, lambda value: webhooks.parse(in_json(value))),
    "webhook, parsed by others": (InferenceEntity, webhooks.parse),
}
PARSERS: dict[str, tuple[type, Callable[[Leap], Any]]] = {
    "generate": (InferenceEntity, lambda leap: leap.images.generate(MODEL, prompt="A photo")),
    "find_one": (InferenceEntity, lambda leap: leap.images.find_one(MODEL, "1")),
    "list_all": (list, lambda leap: leap.images.list_all(MODEL)),
}


@pytest.mark.parametrize("reader", READERS)
@settings(deadline=None)
@given(value=anything | damaged())
def test_any_json_is_an_object_or_a_decode_error(reader: str, value: Any) -> None:
    """Whatever JSON comes, a reader gives an object of its class, or raises DecodeError and nothing else."""
    kind, read = READERS[reader]
    assert type(outcome(lambda: read(value))) in {kind, DecodeError}


@pytest.mark.parametrize("call", PARSERS)
@settings(deadline=None)
@given(body=anything.map(in_json) | damaged().map(in_json) | damaged().map(lambda job: in_json([job])) | st.binary())
def test_any_answer_is_an_object_or_a_decode_error(call: str, body: bytes) -> None:
    """Whatever bytes a success brings, a call gives an object of its type, or raises DecodeError with the answer."""
    kind, make = PARSERS[call]
    with answering(body) as leap:
        made = outcome(lambda: make(leap))
    assert type(made) in {kind, DecodeError}
    assert not isinstance(made, DecodeError) or (made.response is not None and made.response.content == body)


finite = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
extras = st.dictionaries(st.text(), json_values(finite), max_size=3)


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a job as openapi.yaml describes it, with fields that no document knows."""
    times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds
    image = st.fixed_dictionaries(
        {"id": st.text(), "uri": st.text(), "createdAt": times.map(lambda time: time.isoformat(" "))}
    )
    known = st.fixed_dictionaries(
        {
            **{name: st.just(JOB[name]) for name in REQUIRED},
            "id": st.text(),
            "createdAt": times.map(datetime.isoformat),
            "prompt": st.text(),
            "negativePrompt": st.text(),
            "seed": st.integers(),
            "width": st.integers(),
            "height": st.integers(),
            "promptStrength": finite,
            "numberOfImages": st.integers(),
            "steps": st.integers(),
            "images": st.lists(image, max_size=3),
            "modelId": st.text(),
        },
        optional={"upscalingOption": st.text()},
    )
    states = st.sampled_from(["state", "status"]).flatmap(lambda name: st.fixed_dictionaries({name: st.text()}))
    return {**draw(extras), **draw(known), **draw(states)}


@settings(deadline=None)
@given(body=jobs() | st.sampled_from(JOBS))
def test_nothing_is_lost_on_the_way(body: dict[str, Any]) -> None:
    """A job that is read and written again says what it said, unknown fields included, and can be read once more."""
    before = copy.deepcopy(body)
    job = InferenceEntity.from_dict(body, strict=True)
    assert body == before
    written = job.to_dict()
    assert json.dumps(written) == json.dumps(body)
    assert InferenceEntity.from_dict(written) == job


# What exactly is wrong.

WRONG: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "number for a string": ({"id": 5}, "id", "should be a string, got 5"),
    "null for a string": ({"prompt": None}, "prompt", "should be a string, got None"),
    "string for an integer": ({"seed": "7"}, "seed", "should be an integer, got '7'"),
    "fraction for an integer": ({"width": 512.5}, "width", "should be an integer, got 512.5"),
    "true for an integer": ({"steps": True}, "steps", "should be an integer, got True"),
    "infinity for an integer": ({"steps": float("inf")}, "steps", "should be an integer, got inf"),
    "string for a number": ({"promptStrength": "7"}, "promptStrength", "should be a number, got '7'"),
    "true for a number": ({"promptStrength": True}, "promptStrength", "should be a number, got True"),
    "object for an array": ({"images": {}}, "images", "should be an array, got {}"),
    "null for an array": ({"images": None}, "images", "should be an array, got None"),
    "string in an array": ({"images": ["x"]}, "images[0]", "should be an object, got 'x'"),
    "image without an address": (
        {"images": [JOB["images"][0], {"id": "1", "createdAt": JOB["createdAt"]}]},
        "images[1].uri",
        "is missing",
    ),
    "number for a date": ({"createdAt": 1676016505}, "createdAt", "should be a date and time, got 1676016505"),
    "words for a date": ({"createdAt": "today"}, "createdAt", "should be a date and time, got 'today'"),
    "date that never was": (
        {"createdAt": "2023-02-30T00:00:00Z"},
        "createdAt",
        "should be a date and time, got '2023-02-30T00:00:00Z'",
    ),
    "number for an enum": ({"state": 3}, "state", "should be a string, got 3"),
    "array for an enum": ({"status": ["queued"]}, "status", "should be a string, got ['queued']"),
    "neither state nor status": ({"state": None, "status": None}, "", "has none of state, status"),
    "very long": ({"id": [["x" * 99] * 99] * 99}, "id", None),
}


@pytest.mark.parametrize("case", WRONG)
def test_strict_reading_names_the_field(case: str) -> None:
    """A DecodeError of strict reading says which field is wrong and why; tolerant reading refuses none of these."""
    change, field, reason = WRONG[case]
    body = {**JOB, **change}
    with pytest.raises(DecodeError) as raised:
        InferenceEntity.from_dict(body, strict=True)
    assert raised.value.field == field
    if reason is None:
        assert len(raised.value.reason) < 150
    else:
        assert str(raised.value) == f"{field or 'the body'} {reason}"
    assert InferenceEntity.from_dict(body).to_dict() == body


def test_strict_reading_names_all_faults() -> None:
    """Strict reading tells every fault at once, at whatever depth, in the order of the document."""
    body = {**JOB, "seed": "7", "createdAt": 1, "images": [*JOB["images"], "x", {"uri": 3}]}
    del body["steps"]
    count = len(JOB["images"])
    with pytest.raises(DecodeError) as raised:
        InferenceEntity.from_dict(body, strict=True)
    assert str(raised.value).split("; ") == [
        "createdAt should be a date and time, got 1",
        "seed should be an integer, got '7'",
        "steps is missing",
        f"images[{count}] should be an object, got 'x'",
        f"images[{count + 1}].id is missing",
        f"images[{count + 1}].uri should be a string, got 3",
        f"images[{count + 1}].createdAt is missing",
    ]


@pytest.mark.parametrize("name", [name for name in JOB if name not in {"state", "status", "upscalingOption"}])
def test_missing_field_is_named(name: str) -> None:
    """Strict reading refuses a job that lacks a field which every observed one has; other fields may be missing."""
    body = {key: value for key, value in JOB.items() if key != name}
    if name in InferenceEntity.from_dict(JOB).additional_keys:
        InferenceEntity.from_dict(body, strict=True)
    else:
        with pytest.raises(DecodeError, match=f"^{name} is missing$"):
            InferenceEntity.from_dict(body, strict=True)


@pytest.mark.parametrize(
    ("call", "body", "reason"),
    [
        pytest.param("find_one", [JOB], "should be an object, got an array", id="array for an object"),
        pytest.param(
            "generate", "queued", "should be an object, got a string like 'aaaaaa'", id="string for an object"
        ),
        pytest.param("list_all", JOB, "should be an array, got an object", id="object for an array"),
        pytest.param("list_all", None, "should be an array, got null", id="null for an array"),
    ],
)
def test_other_kind_of_answer_is_refused(call: str, body: Any, reason: str) -> None:
    """An answer that is JSON of another kind than the operation answers is a DecodeError, which holds the answer."""
    with answering(in_json(body)) as leap, pytest.raises(DecodeError) as raised:
        PARSERS[call][1](leap)
    assert raised.value.field == ""
    assert raised.value.reason == reason
    assert raised.value.response is not None
    assert raised.value.response.json() == body


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 226, 299])
def test_undocumented_success_is_read(leap: Leap, sandbox: Sandbox, status: int) -> None:
    """Any status of success is one, documented or not."""
    sandbox.faults.add(Fault.json(JOB, status=status))
    answered = leap.images.generate_detailed(MODEL, prompt="A photo")
    assert answered.status_code == status
    assert answered.parsed.id == JOB["id"]


# Values of their own kind.

EVENING = datetime(2023, 6, 20, 20, 3, 46, tzinfo=timezone(timedelta(hours=2)))
MOMENTS = {
    "2023-02-10T08:08:25.842Z": datetime(2023, 2, 10, 8, 8, 25, 842000, UTC),
    "2023-06-20T07:03:46.438775+00:00": datetime(2023, 6, 20, 7, 3, 46, 438775, UTC),
    "2023-02-10T08:17:39.30755+00:00": datetime(2023, 2, 10, 8, 17, 39, 307550, UTC),
    "2023-06-20 07:04:01.634307+00": datetime(2023, 6, 20, 7, 4, 1, 634307, UTC),
    "2023-02-10t08:08:25z": datetime(2023, 2, 10, 8, 8, 25, tzinfo=UTC),
    "2023-02-10t08:08:25.842z": datetime(2023, 2, 10, 8, 8, 25, 842000, UTC),
    "2023-06-20T20:03:46+02:00": EVENING,
    "2023-06-20T18:03:46.000000001Z": EVENING.astimezone(UTC),
}


@pytest.mark.parametrize("text", MOMENTS)
def test_every_spelling_of_a_moment_is_read(text: str) -> None:
    """Each spelling that the API was seen to use, and each that RFC 3339 allows, is the moment that it means."""
    image = InferenceImageEntity.from_dict({**JOB["images"][0], "createdAt": text})
    assert image.created_at == MOMENTS[text]
    assert image.created_at.utcoffset() == MOMENTS[text].utcoffset()
    assert InferenceEntity.from_dict({**JOB, "createdAt": text}).created_at == MOMENTS[text]


@pytest.mark.parametrize(
    "enum", [each for each in map(vars(models).get, models.__all__) if each and issubclass(each, OpenStrEnum)]
)
@pytest.mark.parametrize("text", ["superResolution", "", "QUEUED", "name", "mro"])
def test_unknown_value_of_an_enum_is_kept(enum: type[OpenStrEnum], text: str) -> None:
    """A value that the document does not know prints, compares, hashes and travels like one that it knows."""
    value = enum(text)
    assert isinstance(value, enum)
    assert (str(value), value.value, f"{value}") == (text, text, text)
    assert value == text == enum(text)
    assert hash(value) == hash(text)
    assert json.dumps(value) == json.dumps(text)
    assert value not in list(enum)
    for made in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):  # noqa: S301 - our own
        assert made == value
        assert isinstance(made, enum)


def test_known_value_of_an_enum_is_the_member() -> None:
    """A value that the document knows is the one member, so that `is` works."""
    job = InferenceEntity.from_dict({**JOB, "state": "finished", "status": None})
    assert job.state is JobState.FINISHED
    assert job.current_state is JobState.FINISHED
    assert job.status is UNSET


def test_union_is_read_in_its_own_order() -> None:
    """What a field is read as depends on its own union, not on another of the same types that was there before."""
    moment = "2024-02-29T10:00:00Z"
    assert isinstance(_reading.reader(datetime | str)(moment, "", None), datetime)
    assert _reading.reader(str | datetime)(moment, "", None) == moment


def test_null_is_no_value_where_none_is_needed() -> None:
    """A null for an optional field is as good as none, and is written as it came."""
    job = InferenceEntity.from_dict({**JOB, "state": "finished", "status": None}, strict=True)
    assert job.status is UNSET
    assert job.to_dict()["status"] is None


def test_whole_number_may_be_spelled_as_a_fraction() -> None:
    """JSON has one kind of number, so 512.0 is an integer, and a number stays as it was sent."""
    job = InferenceEntity.from_dict({**JOB, "width": 512.0, "promptStrength": 7, "seed": 3_340_821_524})
    assert (job.width, type(job.width)) == (512, int)
    assert (job.prompt_strength, type(job.prompt_strength)) == (7, int)
    assert job.seed == 3_340_821_524


def test_unset_is_one_and_false() -> None:
    """UNSET is the only one of its kind, however it is made or copied, and is no value."""
    made: list[object] = [Unset(), copy.copy(UNSET), copy.deepcopy(UNSET), pickle.loads(pickle.dumps(UNSET))]  # noqa: S301 - our own
    assert all(each is UNSET for each in made)
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_what_nobody_set_is_not_sent() -> None:
    """A request holds what the caller gave and nothing else: no default, no null."""
    assert CreateInferenceDto(prompt="A photo").to_dict() == {"prompt": "A photo"}
    assert CreateInferenceDto(prompt="A photo", negative_prompt="", seed=0).to_dict() == {
        "prompt": "A photo",
        "negativePrompt": "",
        "seed": 0,
    }


def test_json_that_is_nested_too_deeply_is_told() -> None:
    """What is too deep to be copied is a DecodeError like any other body that cannot be read, in a webhook too."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    for read in (InferenceEntity.from_dict, webhooks.parse):
        with pytest.raises(DecodeError, match="is nested too deeply"):
            read({"id": "a047df00", "deep": deep})
