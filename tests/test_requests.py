"""A request is checked before it is sent, and paid for: what cannot be right never reaches the server."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Mirror
from leap_client import Leap, PublicModel
from leap_client.api.images import generate
from leap_client.errors import DecodeError, NotFoundError
from leap_client.models import CreateInferenceDto
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
JOB = "a047df00-8bdd-4d57-a9bd-6eebef36ecaa"


@pytest.fixture
def untouched(sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox that nothing may reach."""
    yield sandbox
    assert sandbox.requests == []


# Fields.

REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"prompt": ""}, ValueError, "prompt must not be empty, got ''"),
    ({"prompt": None}, TypeError, "prompt must be a string, got None"),
    ({"prompt": 5}, TypeError, "prompt must be a string, got 5"),
    ({"prompt": b"A photo"}, TypeError, "prompt must be a string, got b'A photo'"),
    ({"prompt": ["A photo"]}, TypeError, "prompt must be a string, got ['A photo']"),
    ({"negative_prompt": 0}, TypeError, "negative_prompt must be a string, got 0"),
    ({"width": 1023}, ValueError, "width must be a multiple of 8, got 1023"),
    ({"width": 0}, ValueError, "width must be at least 8, got 0"),
    ({"width": -8}, ValueError, "width must be at least 8, got -8"),
    ({"width": 512.0}, TypeError, "width must be an integer, got 512.0"),
    ({"width": "512"}, TypeError, "width must be an integer, got '512'"),
    ({"width": True}, TypeError, "width must be an integer, got True"),
    ({"width": float("nan")}, TypeError, "width must be an integer, got nan"),
    ({"width": 10**30 + 1}, ValueError, f"width must be a multiple of 8, got {10**30 + 1}"),
    ({"width": 10**5000 + 1}, ValueError, "width must be a multiple of 8, got a very large int"),
    ({"height": 7}, ValueError, "height must be a multiple of 8, got 7"),
    ({"steps": 0}, ValueError, "steps must be at least 1, got 0"),
    ({"steps": 1.5}, TypeError, "steps must be an integer, got 1.5"),
    ({"number_of_images": 0}, ValueError, "number_of_images must be at least 1, got 0"),
    ({"number_of_images": 5}, ValueError, "number_of_images must be at most 4, got 5"),
    ({"number_of_images": False}, TypeError, "number_of_images must be an integer, got False"),
    ({"prompt_strength": -0.1}, ValueError, "prompt_strength must be at least 0, got -0.1"),
    ({"prompt_strength": 30.5}, ValueError, "prompt_strength must be at most 30, got 30.5"),
    ({"prompt_strength": float("nan")}, ValueError, "prompt_strength must be at least 0, got nan"),
    ({"prompt_strength": float("inf")}, ValueError, "prompt_strength must be at most 30, got inf"),
    ({"prompt_strength": True}, TypeError, "prompt_strength must be a number, got True"),
    ({"prompt_strength": Decimal(7)}, TypeError, "prompt_strength must be a number, got Decimal('7')"),
    ({"seed": 1.0}, TypeError, "seed must be an integer, got 1.0"),
    ({"webhook_url": ""}, ValueError, "webhook_url must not be empty, got ''"),
    ({"webhook_url": b"https://example.com"}, TypeError, "webhook_url must be a string, got b'https://example.com'"),
]
every_refusal = pytest.mark.parametrize(
    ("change", "error", "message"), REFUSED, ids=[message[:60] for _, _, message in REFUSED]
)


@pytest.mark.usefixtures("untouched")
@every_refusal
def test_field_is_refused_in_its_own_words(
    leap: Leap, change: dict[str, Any], error: type[Exception], message: str
) -> None:
    """A value that the document forbids is refused with the name of the field, the rule and the value."""
    for call in (leap.images.generate, leap.images.generate_detailed, leap.images.generate_and_wait):
        with pytest.raises(error, match=f"^{re.escape(message)}$"):
            call(MODEL, **{"prompt": "A photo", **change})


@every_refusal
def test_field_that_was_changed_later_is_refused_too(
    untouched: Sandbox, change: dict[str, Any], error: type[Exception], message: str
) -> None:
    """The generated functions check the object that they are given, since an assignment may have broken it."""
    body = CreateInferenceDto(prompt="A photo")
    for name, value in change.items():
        setattr(body, name, value)
    with Leap(untouched.token, base_url=untouched.url) as leap, pytest.raises(error, match=f"^{re.escape(message)}$"):
        generate.sync(MODEL, client=leap, body=body)


@pytest.mark.parametrize("body", [{"prompt": "A photo"}, None, "A photo", CreateInferenceDto], ids=repr)
def test_what_is_no_body_is_refused(untouched: Sandbox, body: Any) -> None:
    """Anything but an object of the body's class is a TypeError of the generated functions."""
    with Leap(untouched.token, base_url=untouched.url) as leap, pytest.raises(TypeError, match=r"^body must be an obj"):
        generate.sync(MODEL, client=leap, body=body)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("text", ["\ud800", "A photo \udfff"], ids=ascii)
def test_text_that_is_no_unicode_is_refused(leap: Leap, text: str) -> None:
    """Half a surrogate pair cannot be sent, and is a ValueError before anything is."""
    with pytest.raises(ValueError, match="surrogates not allowed"):
        leap.images.generate(MODEL, prompt=text)
    with pytest.raises(ValueError, match="surrogates not allowed"):
        leap.images.find_one(MODEL, text)


CALLS: dict[str, tuple[Any, ...]] = {
    "generate": (MODEL,),
    "generate_detailed": (MODEL,),
    "generate_and_wait": (MODEL,),
    "find_one": (MODEL, JOB),
    "list_all": (MODEL,),
    "iter_all": (MODEL,),
    "wait": (MODEL, JOB),
    "delete": (MODEL, JOB),
}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", ["numberOfImages", "widht", "extra"])
@pytest.mark.parametrize("call", CALLS)
def test_unknown_argument_is_refused(leap: Leap, call: str, name: str) -> None:
    """A misspelt argument is a TypeError: the server would ignore it, and the call be paid for in vain."""
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
        getattr(leap.images, call)(*CALLS[call], **{name: 1})


# Arguments of queries.


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"page": -1}, ValueError, "page must be at least 0, got -1"),
        ({"page": 1.0}, TypeError, "page must be an integer, got 1.0"),
        ({"page": True}, TypeError, "page must be an integer, got True"),
        ({"page_size": 0}, ValueError, "page_size must be at least 1, got 0"),
        ({"page_size": "20"}, TypeError, "page_size must be an integer, got '20'"),
        ({"only_finished": 1}, TypeError, "only_finished must be True or False, got 1"),
        ({"only_finished": "false"}, TypeError, "only_finished must be True or False, got 'false'"),
    ],
    ids=str,
)
def test_argument_of_a_list_is_refused(
    leap: Leap, change: dict[str, Any], error: type[Exception], message: str
) -> None:
    """A value that the document forbids in a query is refused with the name of the argument."""
    for call in (leap.images.list_all, leap.images.list_all_detailed):
        with pytest.raises(error, match=f"^{re.escape(message)}$"):
            call(MODEL, **change)
    if "page" not in change:
        with pytest.raises(error, match=f"^{re.escape(message)}$"):
            list(leap.images.iter_all(MODEL, **change))


def test_argument_arrives_as_the_document_spells_it(leap: Leap, sandbox: Sandbox) -> None:
    """Booleans and numbers arrive as JSON spells them, and what was not given does not arrive."""
    leap.images.list_all(MODEL, only_finished=True, page=1, page_size=20)
    leap.images.list_all(MODEL, only_finished=False)
    leap.images.list_all(MODEL)
    assert [request.query for request in sandbox.requests] == [
        {"onlyFinished": "true", "page": "1", "pageSize": "20"},
        {"onlyFinished": "false"},
        {},
    ]


# Ids.

IDS: dict[str, Callable[[Leap, Any], object]] = {
    "generate": lambda leap, each: leap.images.generate(each, prompt="A photo"),
    "generate_and_wait": lambda leap, each: leap.images.generate_and_wait(each, prompt="A photo"),
    "list_all": lambda leap, each: leap.images.list_all(each),
    "iter_all": lambda leap, each: list(leap.images.iter_all(each)),
    "find_one, model": lambda leap, each: leap.images.find_one(each, JOB),
    "find_one": lambda leap, each: leap.images.find_one(MODEL, each),
    "wait": lambda leap, each: leap.images.wait(MODEL, each),
    "delete": lambda leap, each: leap.images.delete(MODEL, each),
}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("text", ["", " ", "\t", ".", "..", f"{JOB}\t", f" {JOB}", f"{JOB}\n", "\u2003", f"{JOB}\xa0"])
@pytest.mark.parametrize("call", IDS)
def test_id_that_leads_elsewhere_is_refused(leap: Leap, call: str, text: str) -> None:
    """An id that is empty, a step in a path, or has white space at an end would be another call, and is refused."""
    name = "inference_id" if call in {"find_one", "wait", "delete"} else "model_id"
    with pytest.raises(ValueError, match=rf"^{name} must not be empty, .* got {re.escape(repr(text))}$"):
        IDS[call](leap, text)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "value",
    [None, True, b"id", [], {}, object(), CreateInferenceDto(prompt="A photo")],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("call", IDS)
def test_id_of_another_type_is_refused(leap: Leap, call: str, value: Any) -> None:
    """What identifies nothing, such as a job in the place of its id, is a TypeError."""
    name = "inference_id" if call in {"find_one", "wait", "delete"} else "model_id"
    with pytest.raises(TypeError, match=rf"^{name} (must be a string, got |is missing; )"):
        IDS[call](leap, value)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("%2F", "%252F"),
        ("%2e%2e", "%252e%252e"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("a b", "a%20b"),
        ("a\nb", "a%0Ab"),
        ("ä€😀", "%C3%A4%E2%82%AC%F0%9F%98%80"),
        ("a;b:c@d&e=f+g$h,i", "a%3Bb%3Ac%40d%26e%3Df%2Bg%24h%2Ci"),
        ("...", "..."),
        ("\\..\\", "%5C..%5C"),
    ],
)
def test_any_other_character_of_an_id_arrives(leap: Leap, sandbox: Sandbox, text: str, escaped: str) -> None:
    """Whatever else is in an id is escaped, so that the server gets it as a part of the path, and nowhere else."""
    with pytest.raises(NotFoundError):
        leap.images.find_one(text, text)
    assert sandbox.requests[0].target == f"/api/v1/images/models/{escaped}/inferences/{escaped}"


def test_enum_arrives_as_its_value(leap: Leap, sandbox: Sandbox) -> None:
    """A member of an enum, and a UUID, are sent as the text that they stand for."""
    leap.images.list_all(PublicModel.SDXL)
    leap.images.list_all(UUID(PublicModel.SDXL.value))  # type: ignore[arg-type] # it is no string, but harmless
    paths = {request.path for request in sandbox.requests}
    assert paths == {f"/api/v1/images/models/{PublicModel.SDXL.value}/inferences"}


@settings(deadline=None)
@given(text=st.text(min_size=1))
def test_no_id_ever_changes_the_path(text: str) -> None:
    """Whatever text is an id, the call is refused, or the id is one part of the path and comes out as it went in."""
    mirror = Mirror()
    with Leap("token-0123456789", transport=mirror) as leap, suppress(ValueError):
        leap.images.list_all(text)
    for request in mirror.seen:
        path = request.url.raw_path.decode()
        assert re.fullmatch(r"/api/v1/images/models/[^/?#]+/inferences", path)
        assert unquote(path.split("/")[5]) == text
    assert mirror.seen or text.strip() != text or text in {".", ".."} or re.search("[\ud800-\udfff]", text)


# Formats, and the answer that cannot be read.


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        pytest.param("seed", 2**63, f"seed must fit into 64 bits, got {2**63}", id="int64"),
        pytest.param("webhook_url", "not a url", "webhook_url must be an address like https://host/path", id="words"),
        pytest.param("webhook_url", "/hooks", "webhook_url must be an address like https://host/path", id="path"),
        pytest.param("webhook_url", "https://", "webhook_url must be an address like https://host/path", id="no host"),
        pytest.param(
            "webhook_url", "h:8080/x", "webhook_url must be an address like https://host/path", id="no scheme"
        ),
        pytest.param("webhook_url", "http://[", "webhook_url must be an address like https://host/path", id="bracket"),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_formats_hold_before_sending(leap: Leap, field: str, value: Any, message: str) -> None:
    """A number that is too large, or an address that nothing can be sent to, costs no submission."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        leap.images.generate(MODEL, prompt="A photo", **{field: value})


def test_submission_that_answers_garbage_keeps_what_it_says(leap: Leap, sandbox: Sandbox) -> None:
    """Where the answer to a submission cannot be read as a job, its JSON is on the error: the id is not lost."""
    body = [{"id": JOB, "negativePrompt": None}]
    sandbox.faults.add(Fault.json(body, status=201), Fault.json(body, status=200))
    for call in (leap.images.generate, leap.images.generate_and_wait):
        with pytest.raises(DecodeError) as caught:
            call(MODEL, prompt="A photo")
        assert caught.value.job == body
