"""What somebody tries in the first hour works, or says what to do instead."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from clients import Clock
from leap_client import UNSET, Leap, PublicModel, bulk
from leap_client.errors import DecodeError, NotFoundError
from leap_client.models import CreateInferenceDto, InferenceEntity
from rig import Sandbox

MODEL = PublicModel.SDXL
OTHER = "a047df00-8bdd-4d57-a9bd-6eebef36ecaa"


@pytest.fixture(autouse=True)
def _by_the_clock(clock: Clock) -> None:
    """Nobody waits."""


# None.

OPTIONAL = [name for name in CreateInferenceDto._names if name != "prompt"]  # noqa: SLF001 - all the fields


def test_none_leaves_out_what_is_optional(leap: Leap, sandbox: Sandbox) -> None:
    """A row of a table has None where it has nothing: that is not sent, and the server's own value applies."""
    row: dict[str, Any] = dict.fromkeys(OPTIONAL)
    leap.images.generate(MODEL, prompt="A photo", **row)
    leap.images.generate_and_wait(MODEL, prompt="A photo", **row)
    posted = [request.json() for request in sandbox.requests if request.method == "POST"]
    assert posted == [{"prompt": "A photo"}] * 2


def test_none_leaves_out_what_narrows_a_list(leap: Leap, sandbox: Sandbox) -> None:
    """A filter or a page that is None is not sent, and the walk through all pages is that without a filter."""
    leap.images.generate(MODEL, prompt="A photo")
    leap.images.list_all(MODEL, only_finished=None, page=None, page_size=None)
    assert sandbox.requests[-1].query == {}
    assert len(list(leap.images.iter_all(MODEL, only_finished=None, page_size=None))) == 1
    assert sandbox.requests[-1].query.keys() == {"page"}


def test_none_in_a_body_is_left_out_however_it_got_there() -> None:
    """A body that is made with None, or is given it later, says nothing about that field, as with UNSET."""
    body = CreateInferenceDto(prompt="A photo", seed=None, width=UNSET, steps=8)
    body.steps = None
    assert body.to_dict() == {"prompt": "A photo"}
    assert CreateInferenceDto.from_dict({"prompt": "A photo", "seed": None}, strict=True).to_dict() == {
        "prompt": "A photo"
    }


# A job in the place of its ids.

BY_JOB: dict[str, Callable[[Leap, Any], Any]] = {
    "find_one": lambda leap, job: leap.images.find_one(job),
    "find_one_detailed": lambda leap, job: leap.images.find_one_detailed(job).parsed,
    "wait": lambda leap, job: leap.images.wait(job),
}
every_way = pytest.mark.parametrize("call", BY_JOB)


@every_way
def test_job_stands_for_its_ids(leap: Leap, call: str) -> None:
    """A job knows both of its ids, so it can be given in their place."""
    jobs = [leap.images.generate(MODEL, prompt=prompt) for prompt in ("A photo", "Another photo")]
    assert [BY_JOB[call](leap, job).prompt for job in jobs] == ["A photo", "Another photo"]


def test_job_can_be_deleted(leap: Leap, sandbox: Sandbox) -> None:
    """A job is deleted as it is found, and no other is."""
    first, second, third = (leap.images.generate(MODEL, prompt="A photo") for _ in range(3))
    leap.images.delete(first)
    leap.images.delete_detailed(second)
    assert list(sandbox.jobs) == [third.id]


@pytest.mark.parametrize("call", ["find_one", "wait", "delete"])
def test_job_and_ids_are_told_apart(leap: Leap, sandbox: Sandbox, call: str) -> None:
    """Too few ids, or a job with an id beside it, are a TypeError that says what is wanted, before anything is sent."""
    job = leap.images.generate(MODEL, prompt="A photo")
    sent = len(sandbox.requests)
    method: Any = getattr(leap.images, call)
    with pytest.raises(TypeError, match=r"^inference_id is missing; pass it too, or the InferenceEntity alone$"):
        method(MODEL)
    with pytest.raises(TypeError, match=rf"^inference_id must be left out, .* knows it, got {re.escape(repr(OTHER))}$"):
        method(job, OTHER)
    assert len(sandbox.requests) == sent


@every_way
def test_job_whose_id_cannot_be_read_is_refused(leap: Leap, sandbox: Sandbox, call: str) -> None:
    """A job that came without its id says so, and nothing is asked for."""
    job = InferenceEntity.from_dict({"modelId": str(MODEL), "state": "queued"})
    with pytest.raises(DecodeError, match=r"^id is missing$"):
        BY_JOB[call](leap, job)
    assert sandbox.requests == []


def test_job_that_was_deleted_meanwhile_is_on_the_error(leap: Leap) -> None:
    """Waiting for a job that is gone raises, and the error carries the job as it was last known."""
    job = leap.images.generate(MODEL, prompt="A photo")
    leap.images.delete(job)
    with pytest.raises(NotFoundError) as caught:
        leap.images.wait(job)
    assert caught.value.job is job


# Names of models.

WITH_MODEL: dict[str, Callable[[Leap, str], object]] = {
    "generate": lambda leap, model: leap.images.generate(model, prompt="A photo"),
    "generate_and_wait": lambda leap, model: leap.images.generate_and_wait(model, prompt="A photo"),
    "list_all": lambda leap, model: leap.images.list_all(model),
    "iter_all": lambda leap, model: list(leap.images.iter_all(model)),
    "find_one": lambda leap, model: leap.images.find_one(model, OTHER),
    "delete": lambda leap, model: leap.images.delete(model, OTHER),
}


@pytest.mark.parametrize("call", WITH_MODEL)
@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("SDXL", "SDXL"),
        ("sdxl", "SDXL"),
        ("Stable Diffusion 2.1", "STABLE_DIFFUSION_2_1"),
        ("OpenJourney-4", "OPENJOURNEY_4"),
    ],
)
def test_name_of_a_model_is_no_id(leap: Leap, sandbox: Sandbox, call: str, name: str, member: str) -> None:
    """The name of a public model in the place of its id is refused, with what to write instead."""
    message = f"model_id must be the value, not its name {name!r}; use PublicModel.{member}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        WITH_MODEL[call](leap, name)
    assert sandbox.requests == []


@pytest.mark.parametrize("name", ["SDXL", "sdxl"])
def test_name_of_a_model_is_no_scope_of_a_plan(name: str) -> None:
    """A plan refuses the name of a model, too, before anything is sent; only the command line knows the names."""
    with pytest.raises(ValueError, match=f"got the name '{name}'; use the id, '{MODEL.value}'$"):
        bulk.plan([{"prompt": "A photo"}], name)


def test_members_and_any_other_id_are_accepted(leap: Leap, sandbox: Sandbox) -> None:
    """A member, its value as a plain string, and the id of a model of one's own arrive as they are."""
    for model in (MODEL, str(MODEL), "my-sdxl", "SDXL2"):
        with suppress(NotFoundError):
            leap.images.list_all(model)
    assert [request.path.split("/")[5] for request in sandbox.requests] == [MODEL, MODEL, "my-sdxl", "SDXL2"]
