"""`webhooks` reads what the service sends when a job ends, in every shape that was seen, and lets nobody else in."""

import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import example, given
from hypothesis import strategies as st

from leap_client import Leap, PublicModel, webhooks
from leap_client.errors import DecodeError
from leap_client.models import InferenceEntity
from readme import Readme
from rig import FAIL, Sandbox
from sandbox.origin import Origin

ROOT = Path(__file__).parent.parent
MODEL = PublicModel.STABLE_DIFFUSION_1_5
RECORDING = Path(__file__).parent / "recordings" / "findOne" / "finished-2023-06-20.json"
JOB: dict[str, Any] = json.loads(RECORDING.read_text("utf-8"))["response"]["json"]
STATELESS = {name: value for name, value in JOB.items() if name != "state"}

SHAPES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "flat": lambda job: job,
    "succeeded": lambda job: {"succeeded": job["state"] == "finished", "result": job},
    "state": lambda job: {"id": job["id"], "state": job["state"], "result": job},
}
FORMS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bytes": lambda body: json.dumps(body).encode(),
    "bytearray": lambda body: bytearray(json.dumps(body).encode()),
    "UTF-16": lambda body: json.dumps(body).encode("utf-16"),
    "text": json.dumps,
    "dict": lambda body: body,
    "mapping": MappingProxyType,
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", ["finished", "failed"])
def test_shapes(shape: str, form: str, state: str) -> None:
    """The job is the same whatever shape it is sent in, and in whatever form a framework hands the body on."""
    sent = {**JOB, "state": state}
    body = SHAPES[shape](sent)
    job = webhooks.parse(FORMS[form](body))
    assert job == InferenceEntity.from_dict(sent)
    assert job.current_state == state
    assert body == SHAPES[shape]({**JOB, "state": state})


@pytest.mark.parametrize("inner", [STATELESS, {**STATELESS, "state": None}], ids=["absent", "null"])
def test_state_beside_the_job(inner: dict[str, Any]) -> None:
    """A job that does not say its state, or its id, has those that are told beside it."""
    inner = {name: value for name, value in inner.items() if name != "id"}
    job = webhooks.parse({"id": JOB["id"], "state": "failed", "result": inner})
    assert (job.id, job.current_state) == (JOB["id"], "failed")


def test_state_of_the_job() -> None:
    """What the job itself says holds against what is told beside it."""
    assert webhooks.parse({"id": "x", "state": "processing", "result": JOB}).current_state == "finished"


def test_unknown_fields() -> None:
    """A field that nobody has heard of is kept, even if it is called as the one that jobs are wrapped in."""
    extra = {"brightness": 3, "result": {"id": "5617d1cf", "score": 1}}
    assert webhooks.parse({**JOB, **extra}).to_dict().items() >= extra.items()


UNREADABLE: dict[str, tuple[Any, str]] = {
    "nothing": (b"", "is not JSON"),
    "HTML": (b"<!DOCTYPE html>", "is not JSON"),
    "half a body": (json.dumps(JOB)[:100], "is not JSON"),
    "no text": (b"\xff\xfe\xfd", "is not JSON"),
    "too deep": ("[" * 100_000, "is not JSON"),
    "too long a number": (f'{{"seed": {"9" * 5000}}}', "is not JSON"),
    "None": (None, "should be an object, got NoneType"),
    "a stream": (open, "should be an object, got "),
    "a list that was read": ([1], "should be an object, got list"),
    "a list": (b"[]", "should be an object, got list"),
    "null": ("null", "should be an object, got NoneType"),
    "a number": ("1", "should be an object, got int"),
    "something else": ({"event": "ping"}, "^the body has no field of InferenceEntity$"),
    "something else in an envelope": ({"succeeded": True, "result": {}}, "^the body has no field of InferenceEntity$"),
}


@pytest.mark.parametrize(("body", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(body: Any, reason: str) -> None:
    """What cannot be read is a DecodeError that says where and why."""
    with pytest.raises(DecodeError, match=reason):
        webhooks.parse(body)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["result", *JOB]) | st.text(), inner),
    max_leaves=8,
)


def read(body: Any) -> None:
    """Read a body, which gives a job or a DecodeError with a reason."""
    try:
        outcome: str = webhooks.parse(body).current_state
    except DecodeError as error:
        outcome = error.reason
    assert isinstance(outcome, str)


@given(st.binary() | st.text() | VALUES.map(json.dumps))
@example(b'{"result": {}}')
def test_anything(body: bytes | str) -> None:
    """Whatever is sent, nothing but a job or a DecodeError comes of it."""
    read(body)


@given(st.sampled_from(sorted(JOB)), VALUES, st.sampled_from(sorted(SHAPES)))
def test_anything_in_a_field(field: str, value: Any, shape: str) -> None:
    """Whatever is in one field of a job, nothing but a job or a DecodeError comes of it."""
    job = {**JOB, field: value}
    read({"flat": job, "succeeded": {"succeeded": True, "result": job}}.get(shape, {"state": "failed", "result": job}))


GUESSES: dict[str, tuple[str, str | None, bool]] = {
    "same": ("s3cret", "s3cret", True),
    "other": ("s3cret", "S3cret", False),
    "beginning": ("s3cret", "s3cre", False),
    "more": ("s3cret", "s3cret ", False),
    "none": ("s3cret", None, False),
    "empty": ("s3cret", "", False),
    "same beyond ASCII": ("gehéim", "gehéim", True),
    "other beyond ASCII": ("geheim", "gehéim", False),
    "surrogate": ("s3cret", "\udcff", False),
}


@pytest.mark.parametrize(("secret", "given_", "same"), GUESSES.values(), ids=GUESSES)
def test_verify(secret: str, given_: str | None, same: bool) -> None:  # noqa: FBT001 - pytest passes it
    """The secret itself is let in, and nothing else."""
    assert webhooks.verify(secret, given_) is same


def test_verify_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is the one whose time says nothing about the secret, for a missing one too."""
    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda *pair: compared.append(pair))
    for guess in ("s3cret", "s", None):
        webhooks.verify("s3cret", guess)
    assert compared == [(b"s3cret", b"s3cret"), (b"s3cret", b"s"), (b"s3cret", b"")]


def test_verify_without_secret() -> None:
    """A secret that is empty, because a variable is not set for instance, lets nobody in."""
    with pytest.raises(ValueError, match="secret must not be empty"):
        webhooks.verify("", "")


def receiver() -> Any:
    """Return the receiver that README.md shows."""
    block = next(block for block in Readme.of(ROOT).python() if "FastAPI()" in block.text)
    names: dict[str, Any] = {}
    exec(compile(block.text, "README.md", "exec"), names)  # noqa: S102 - what the README shows is what is tested
    return names["app"]


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the receiver is."""
    monkeypatch.setenv("WEBHOOK_SECRET", "s3cret & more")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Origin(receiver())) as origin:
        yield f"{origin.url}/hook"


def test_receiver(leap: Leap, sandbox: Sandbox, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The receiver of the README takes in what the service sends, in all three shapes, of failed jobs too."""
    sandbox.reset(webhook_shape="rotating")
    url = str(httpx.URL(address, params={"secret": "s3cret & more"}))
    jobs = [leap.images.generate(MODEL, prompt=prompt, webhook_url=url) for prompt in ["A photo", FAIL] * 3]
    assert sandbox.until(lambda: len(sandbox.deliveries) == 6)
    assert {(delivery.shape, delivery.status) for delivery in sandbox.deliveries} == {(shape, 204) for shape in SHAPES}
    expected = {f"{job.id} {state}" for job, state in zip(jobs, ["finished", "failed"] * 3, strict=True)}
    assert set(capsys.readouterr().out.splitlines()) == expected


@pytest.mark.parametrize("body", ['{"event": "ping"}', "[1]", "[1", ""])
def test_receiver_tells_a_bad_request(address: str, body: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no job is answered as the sender's mistake, not as the receiver's."""
    headers = {"content-type": "application/json"}
    answer = httpx.post(address, params={"secret": "s3cret & more"}, content=body, headers=headers)
    assert answer.status_code == 422
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=wrong", "?other=s3cret"])
def test_receiver_refuses(
    leap: Leap, sandbox: Sandbox, address: str, query: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The receiver takes nothing in that came without the secret."""
    leap.images.generate(MODEL, prompt="A photo", webhook_url=address + query)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)
    assert sandbox.deliveries[0].status == 403
    assert capsys.readouterr().out == ""
