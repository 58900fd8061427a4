"""What no document knows can be sent all the same, by every call: headers, parameters of the query, properties."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from clients import KINDS, opened
from leap_client import Leap, PublicModel
from leap_client.models import JobState
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
CALLS: dict[str, Callable[..., Any]] = {
    "generate": lambda leap, **extra: leap.images.generate(MODEL, prompt="A photo", seed=1, **extra),
    "generate_detailed": lambda leap, **extra: leap.images.generate_detailed(MODEL, prompt="A photo", **extra),
    "generate_and_wait": lambda leap, **extra: leap.images.generate_and_wait(MODEL, prompt="A photo", **extra),
    "find_one": lambda leap, **extra: leap.images.find_one(MODEL, "1", **extra),
    "list_all": lambda leap, **extra: leap.images.list_all(MODEL, page=1, **extra),
    "iter_all": lambda leap, **extra: next(iter(leap.images.iter_all(MODEL, page_size=7, **extra))),
    "delete": lambda leap, **extra: leap.images.delete(MODEL, "1", **extra),
}
EXTRA: dict[str, dict[str, Any]] = {
    "extra_headers": {"X-Trace": "abc", "Accept": "text/x"},
    "extra_query": {"page": 7, "dry": True, "tag": ["a", "b c"]},
    "extra_body": {"seed": 2, "future": {"deep": [None, datetime(2024, 2, 29, tzinfo=UTC), JobState.FAILED]}},
}


@pytest.mark.parametrize("name", CALLS)
def test_everything_extra_is_sent(leap: Leap, sandbox: Sandbox, name: str) -> None:
    """Extra headers, parameters and properties are added, and take the place of those of the same names."""
    body: Any = {"id": "1", "state": "finished"}
    sandbox.faults.add(Fault.json([body] if "all" in name else body))
    CALLS[name](leap, **EXTRA)
    (request,) = sandbox.requests
    assert (request.headers["x-trace"], request.headers["accept"]) == ("abc", "text/x")
    query = request.target.partition("?")[2]
    assert sorted(query.split("&")) == sorted(
        ["page=7", "dry=true", "tag=a", "tag=b+c", *(["pageSize=7"] if name == "iter_all" else [])]
    )
    asked = {"prompt": "A photo"} if "generate" in name else {}
    assert request.json() == {**asked, "seed": 2, "future": {"deep": [None, "2024-02-29T00:00:00+00:00", "failed"]}}
    assert request.headers["authorization"] == f"Bearer {sandbox.token}"


@pytest.mark.parametrize("name", CALLS)
def test_nothing_extra_takes_the_place_of_the_token(leap: Leap, sandbox: Sandbox, name: str) -> None:
    """Another token than the client's is refused before anything is sent, and so is what cannot be sent."""
    refused: list[tuple[dict[str, Any], str]] = [
        ({"extra_headers": {"AUTHORIZATION": "Bearer another"}}, "extra_headers must not hold Authorization"),
        ({"extra_headers": {"Host": "example.com"}}, "the header 'Host' is set by the HTTP library alone"),
        ({"extra_headers": {"X": "a\nb"}}, "must not hold line breaks"),
        ({"extra_headers": {"X": 1}}, "must be a string"),
        ({"extra_query": {"x": object()}}, "x"),
    ]
    for extra, message in refused:
        with pytest.raises((TypeError, ValueError), match=message):
            CALLS[name](leap, **extra)
    assert sandbox.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_extra_goes_over_the_headers_of_the_client(kind: Any, sandbox: Sandbox) -> None:
    """What a call adds counts for that call alone, over what the client sends with every one."""
    with opened(kind, sandbox.token, base_url=sandbox.url, headers={"x-team": "a", "x-trace": "b"}) as leap:
        leap.images.list_all(MODEL, extra_headers={"X-Team": "c"})
        leap.images.list_all(MODEL)
    sent = [(request.headers["x-team"], request.headers["x-trace"]) for request in sandbox.requests]
    assert sent == [("c", "b"), ("a", "b")]
