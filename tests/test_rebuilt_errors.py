"""Errors survive task queues: those that pickle, and those that keep a name and arguments in JSON."""

import importlib
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from clients import Clock
from leap_client import Leap, PublicModel
from leap_client.errors import ApiError, LeapError
from rig import FAIL, Fault, Sandbox

MODEL = PublicModel.SDXL
PROMPT = "A photo of an astronaut riding a horse"


def wait(leap: Leap, prompt: str = PROMPT, **options: Any) -> object:
    """Submit a job and wait for it."""
    return leap.images.generate_and_wait(MODEL, prompt=prompt, **options)


def list_all(leap: Leap) -> object:
    """Ask for a page."""
    return leap.with_options(max_retries=0).images.list_all(MODEL)


RAISED: dict[str, tuple[Fault | None, Callable[[Leap], object]]] = {
    **{str(status): (Fault.answer(status), list_all) for status in (400, 401, 402, 403, 404, 418, 500)},
    "429": (Fault.answer(429, retry_after=3600), list_all),
    "no JSON": (Fault.invalid_json(), list_all),
    "closed": (Fault.dropped(), list_all),
    "JobFailed": (None, lambda leap: wait(leap, f"{FAIL} {PROMPT}")),
    "JobTimeout": (None, lambda leap: wait(leap, timeout=0)),
}


def of_pickle(error: LeapError) -> Exception:
    """Send an error through pickle."""
    made: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    return made


def of_json(error: LeapError) -> Exception:
    """Send an error through a result back end that keeps JSON, as that of Celery does."""
    kept = json.loads(json.dumps([type(error).__module__, type(error).__name__, error.args]))
    made: Exception = getattr(importlib.import_module(kept[0]), kept[1])(*kept[2])
    return made


@pytest.mark.parametrize(
    "sent", [lambda error: type(error)(*error.args), of_pickle, of_json], ids=["args", "pickle", "JSON"]
)
@pytest.mark.parametrize("name", RAISED)
def test_an_error_survives(
    leap: Leap, sandbox: Sandbox, clock: Clock, name: str, sent: Callable[[LeapError], Exception]
) -> None:
    """It is of the same class, and says what went wrong as it did before."""
    sandbox.reset(clock=clock)
    fault, call = RAISED[name]
    if fault is not None:
        sandbox.faults.add(fault)
    with pytest.raises(LeapError) as caught:
        call(leap)
    made = sent(caught.value)
    assert type(made) is type(caught.value)
    assert str(made) in str(caught.value)
    assert made.args == caught.value.args
    if isinstance(made, ApiError):
        assert str(made) == str(caught.value)
        assert (made.status_code, made.message) == (caught.value.args[0], caught.value.args[1])


@pytest.mark.parametrize("header", ["X-Request-Id", "x-amzn-requestid", "CF-Ray"])
def test_request_id(leap: Leap, sandbox: Sandbox, header: str) -> None:
    """What the server calls the request is on the error, for a report to its people."""
    sandbox.faults.add(Fault.answer(400, headers={header: "7f3a"}), Fault.answer(400))
    for request_id in ("7f3a", None):
        with pytest.raises(ApiError) as caught:
            leap.images.list_all(MODEL)
        assert caught.value.request_id == request_id
