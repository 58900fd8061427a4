"""Whatever goes wrong between client and server: what is sent again, what never is, and how a call ends.

Each test runs on every engine, over real sockets, and counts at the server.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import engines
from clients import Clock
from leap_client import Leap, PublicModel
from leap_client.errors import (
    ApiError,
    ConnectionFailed,
    DecodeError,
    LeapError,
    NotFoundError,
    RateLimitError,
    RequestTimeout,
    ServerError,
)
from leap_client.models import InferenceEntity
from rig import Fault, Sandbox

running_leap = engines.running_leap

MODEL = PublicModel.STABLE_DIFFUSION_1_5
PROMPT = "A photo of an astronaut riding a horse"

SOON = 0.1

CALLS: dict[str, Callable[[Leap, str], object]] = {
    "generate": lambda leap, _: leap.images.generate(MODEL, prompt=PROMPT),
    "find_one": lambda leap, job_id: leap.images.find_one(MODEL, job_id),
    "list_all": lambda leap, _: leap.images.list_all(MODEL),
    "delete": lambda leap, job_id: leap.images.delete(MODEL, job_id),
}
every_call = pytest.mark.parametrize("call", CALLS)

# After these the request may have taken effect: a POST is never sent again, everything else is.
IN_DOUBT: dict[str, tuple[Fault, type[LeapError]]] = {
    **{str(status): (Fault.answer(status), ServerError) for status in (500, 502, 503, 504, *range(520, 525))},
    "408": (Fault.answer(408), ApiError),
    "500, done all the same": (Fault.answer(500, acts=True), ServerError),
    "520, done all the same": (Fault.answer(520, acts=True), ServerError),
    "502 as HTML": (Fault.html(status=502), ServerError),
    "silence": (Fault.silent(), RequestTimeout),
    "silence, done all the same": (Fault.silent(acts=True), RequestTimeout),
    "closed at the head": (Fault.dropped("unread"), ConnectionFailed),
    "closed at the body": (Fault.dropped("request"), ConnectionFailed),
    "closed at the answer": (Fault.dropped(), ConnectionFailed),
    "closed, done all the same": (Fault.dropped(acts=True), ConnectionFailed),
    "reset at the head": (Fault.dropped("unread", reset=True), ConnectionFailed),
    "reset at the answer": (Fault.dropped(reset=True), ConnectionFailed),
    "reset, done all the same": (Fault.dropped(acts=True, reset=True), ConnectionFailed),
    "half a body": (Fault.half(), ConnectionFailed),
    "half a chunk": (Fault.half(framing="chunked"), ConnectionFailed),
    "no HTTP": (Fault(status=200, headers={"no header": "\0"}, framing="close"), ConnectionFailed),
}

# These answers are as final as a success, for every call.
FINAL = (400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 418, 422, 451, 499, 501, 505, 511, 525, 599)


@pytest.fixture(autouse=True)
def job_id(sandbox: Sandbox, clock: Clock) -> str:
    """The id of a job that nobody submitted, at a server that says something when it deletes it."""
    sandbox.reset(clock=clock, delete_body="id")
    return sandbox.add_jobs(model_id=MODEL)[0].id


@pytest.fixture
def patient(sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only the first attempt of a call give up soon: a busy machine may take long to answer the next one."""
    limits: list[dict[str, float | None]] = []
    as_dict = httpx.Timeout.as_dict

    def noted(timeout: httpx.Timeout) -> dict[str, float | None]:
        limits.append(as_dict(timeout))
        return limits[-1]

    def relax() -> None:
        assert sandbox.until(lambda: len(sandbox.requests) >= 1)
        for each in limits:
            each["read"] = 60

    monkeypatch.setattr(httpx.Timeout, "as_dict", noted)
    clock.on_nap = relax


def attempt(leap: Leap, call: str, job_id: str = "none", fault: Fault | None = None) -> object:
    """Make a call, which gives up soon if it will not be answered."""
    silent = fault is not None and math.isinf(fault.delay)
    return CALLS[call](leap.with_options(timeout=httpx.Timeout(60, read=SOON)) if silent else leap, job_id)


# The table of retries.


@pytest.mark.usefixtures("patient")
@every_call
@pytest.mark.parametrize("fault", IN_DOUBT)
def test_what_may_have_taken_effect_is_repeated_unless_it_is_paid_for(
    leap: Leap, sandbox: Sandbox, job_id: str, call: str, fault: str
) -> None:
    """After a failure that leaves the effect open, generate is never sent again; the other calls are, and succeed."""
    planned, error = IN_DOUBT[fault]
    sandbox.faults.add(planned)
    if call == "generate":
        with pytest.raises(error):
            attempt(leap, call, job_id, planned)
        assert sandbox.until(lambda: len(sandbox.requests) == 1)
        assert len(sandbox.submitted) <= 1
    else:
        attempt(leap, call, job_id, planned)
        assert len(sandbox.requests) == 2


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_attempts_come_to_an_end(leap: Leap, sandbox: Sandbox, job_id: str, fault: str) -> None:
    """A failure that stays is met three times, no more and no fewer, and is then raised."""
    planned, error = IN_DOUBT[fault]
    sandbox.faults.add(planned, times=None)
    with pytest.raises(error):
        attempt(leap, "find_one", job_id, planned)
    assert sandbox.until(lambda: len(sandbox.requests) >= 3)
    assert len(sandbox.requests) == 3


@every_call
@pytest.mark.parametrize("status", FINAL)
def test_any_other_status_is_final(leap: Leap, sandbox: Sandbox, job_id: str, call: str, status: int) -> None:
    """A status that says nothing about the next attempt is raised at once, whatever the call."""
    sandbox.faults.add(Fault.answer(status, retry_after=1), times=None)
    with pytest.raises(ApiError) as raised:
        attempt(leap, call, job_id)
    assert raised.value.status_code == status
    assert len(sandbox.requests) == 1


@every_call
def test_refused_connection_is_tried_again(leap: Leap, sandbox: Sandbox, job_id: str, clock: Clock, call: str) -> None:
    """A connection that cannot be made is tried again by every call, since nothing has been sent."""
    with sandbox.down():
        engines.look_around(leap)
        with pytest.raises(ConnectionFailed) as raised:
            attempt(leap, call, job_id)
        assert len(clock.naps) == 2
        assert not raised.value.maybe_sent
    assert sandbox.requests == []


@every_call
def test_call_outlives_a_restart_of_the_server(
    leap: Leap, sandbox: Sandbox, job_id: str, clock: Clock, call: str
) -> None:
    """A call that begins while the server is away succeeds once it is back, and is sent once."""
    down = sandbox.down()
    down.__enter__()
    engines.look_around(leap)
    clock.on_nap = lambda: len(clock.naps) == 2 and down.__exit__(None, None, None)
    attempt(leap, call, job_id)
    assert len(sandbox.requests) == 1


@every_call
@pytest.mark.parametrize("asked", [None, 0, 7, 60, "date"], ids=lambda asked: f"Retry-After: {asked}")
def test_too_many_requests_are_repeated_when_the_server_wants_it(
    leap: Leap, sandbox: Sandbox, clock: Clock, call: str, asked: Any
) -> None:
    """A 429 did nothing, so every call is sent again, after the time that the server asks for in seconds or a date."""
    wait = datetime.now(UTC) + timedelta(seconds=30) if asked == "date" else asked
    sandbox.faults.add(Fault.answer(429, retry_after=wait))
    attempt(leap, call, next(iter(sandbox.jobs)))
    assert len(sandbox.requests) == 2
    (nap,) = clock.naps
    if asked == "date":
        assert 1 < nap <= 30
    elif asked is None:
        assert 0.25 <= nap <= 0.5
    else:
        assert nap == asked


@every_call
@pytest.mark.parametrize("asked", [61, 3600, 100_000, timedelta(days=1)], ids=str)
def test_long_wait_is_raised_rather_than_waited_for(
    leap: Leap, sandbox: Sandbox, clock: Clock, call: str, asked: Any
) -> None:
    """A server that wants more than a minute gets no second request; the error says how long it wants."""
    wait = datetime.now(UTC) + asked if isinstance(asked, timedelta) else asked
    sandbox.faults.add(Fault.answer(429, retry_after=wait))
    with pytest.raises(RateLimitError) as raised:
        attempt(leap, call)
    assert len(sandbox.requests) == 1
    assert clock.naps == []
    seconds = asked.total_seconds() if isinstance(asked, timedelta) else asked
    assert raised.value.retry_after == pytest.approx(seconds, abs=60)


@pytest.mark.parametrize("status", [408, 500, 503, 520])
def test_any_passing_failure_may_ask_for_time(leap: Leap, sandbox: Sandbox, clock: Clock, status: int) -> None:
    """A server that fails may say, too, when to come again; for more than a minute nobody waits."""
    sandbox.faults.add(Fault.answer(status, retry_after=9), Fault.answer(status, retry_after=61))
    with pytest.raises(ApiError) as raised:
        attempt(leap, "find_one")
    assert raised.value.status_code == status
    assert clock.naps == [9]
    assert len(sandbox.requests) == 2


def test_pauses_grow_and_differ(leap: Leap, sandbox: Sandbox, job_id: str, clock: Clock) -> None:
    """The pauses double, each a random part of what it could be, and none is longer than 8 seconds."""
    sandbox.faults.add(Fault.answer(503), times=None)
    with pytest.raises(ServerError):
        leap.with_options(max_retries=7).images.find_one(MODEL, job_id)
    assert len(sandbox.requests) == 8
    for nap, longest in zip(clock.naps, [0.5, 1, 2, 4, 8, 8, 8], strict=True):
        assert longest / 2 <= nap <= longest
    assert len({nap / longest for nap, longest in zip(clock.naps, [0.5, 1, 2, 4, 8, 8, 8], strict=True)}) == 7


@pytest.mark.parametrize("fault", [Fault.answer(429), Fault.answer(503), Fault.dropped()], ids=["429", "503", "lost"])
def test_no_retries_means_one_request(leap: Leap, sandbox: Sandbox, job_id: str, fault: Fault) -> None:
    """With max_retries=0 nothing is ever sent again."""
    sandbox.faults.add(fault, times=None)
    with pytest.raises(LeapError):
        leap.with_options(max_retries=0).images.find_one(MODEL, job_id)
    assert len(sandbox.requests) == 1


# Deletions that have happened already.


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("fault", [name for name, (fault, _) in IN_DOUBT.items() if fault.acts])
def test_delete_that_finds_nothing_left_has_succeeded(leap: Leap, sandbox: Sandbox, job_id: str, fault: str) -> None:
    """A deletion that took effect before its answer was lost is a success, though its repetition meets 404."""
    planned, _ = IN_DOUBT[fault]
    sandbox.faults.add(planned)
    attempt(leap, "delete", job_id, planned)
    assert [request.status for request in sandbox.requests][1:] == [404]
    assert sandbox.jobs == {}


@pytest.mark.parametrize("before", [[], [Fault.answer(429)], [Fault.answer(429, retry_after=0)] * 2], ids=str)
def test_delete_of_what_never_was_is_an_error(leap: Leap, sandbox: Sandbox, job_id: str, before: list[Fault]) -> None:
    """A 404 is an error as long as no earlier attempt can have deleted anything."""
    sandbox.faults.add(*before)
    with pytest.raises(NotFoundError):
        attempt(leap, "delete", f"{job_id}-not")
    assert len(sandbox.requests) == len(before) + 1


def test_delete_that_could_not_connect_at_first_is_no_excuse(
    leap: Leap, sandbox: Sandbox, job_id: str, clock: Clock
) -> None:
    """A 404 after a refused connection is an error, since that attempt reached nobody."""
    down = sandbox.down()
    down.__enter__()
    engines.look_around(leap)
    clock.on_nap = lambda: down.__exit__(None, None, None)
    with pytest.raises(NotFoundError):
        attempt(leap, "delete", f"{job_id}-not")


def test_detailed_delete_tells_what_the_server_said(leap: Leap, sandbox: Sandbox, job_id: str) -> None:
    """The detailed form of a repeated deletion keeps the 404 that meant success."""
    sandbox.faults.add(Fault.dropped(acts=True))
    assert leap.images.delete_detailed(MODEL, job_id).status_code == 404


# Payments.


def test_second_post_follows_only_what_cannot_have_arrived(leap: Leap, sandbox: Sandbox) -> None:
    """A submission that was refused as one too many is repeated, and one that then gets lost is not."""
    sandbox.faults.add(Fault.answer(429, retry_after=0), Fault.dropped(acts=True))
    with pytest.raises(ConnectionFailed) as raised:
        attempt(leap, "generate")
    assert raised.value.maybe_sent
    assert "may have taken effect, so it was not sent again" in str(raised.value)
    assert len(sandbox.requests) == 2
    assert len(sandbox.submitted) == 1


def test_redirected_submission_goes_nowhere(leap: Leap, sandbox: Sandbox) -> None:
    """A redirect is an answer, not a place to send a submission to a second time."""
    for status in (301, 302, 303, 307, 308):
        sandbox.faults.add(Fault.redirect(f"{sandbox.url}/elsewhere", status=status))
        with pytest.raises(ApiError, match=f"answered {status} .*: it redirects to {sandbox.url}/elsewhere"):
            attempt(leap, "generate")
    assert len(sandbox.requests) == 5
    assert sandbox.elsewhere.requests == []


# Connections that are kept.


def test_connection_that_the_server_closed_between_calls_is_not_used(leap: Leap, sandbox: Sandbox, job_id: str) -> None:
    """A kept connection that the server has closed costs no submission: the next one takes a new connection."""
    sandbox.faults.add(Fault(hang_up=True))
    attempt(leap, "find_one", job_id)
    assert sandbox.until(lambda: sandbox.requests[0].ended)
    engines.look_around(leap)
    assert isinstance(attempt(leap, "generate"), InferenceEntity)
    assert len(sandbox.submitted) == 1


# Answers that are successes by their status alone.


@every_call
@pytest.mark.parametrize(
    "fault",
    [Fault.html(), Fault.invalid_json(), Fault.json(7), Fault.json("x"), Fault.json(None), Fault.empty()],
    ids=["HTML", "half JSON", "number", "string", "null", "empty"],
)
def test_success_that_cannot_be_read_is_not_repeated(
    leap: Leap, sandbox: Sandbox, job_id: str, call: str, fault: Fault
) -> None:
    """An answer that makes no sense is an error with the answer in it, and no reason to ask again."""
    sandbox.faults.add(fault)
    if call == "delete":
        assert attempt(leap, call, job_id) is None
    else:
        with pytest.raises(DecodeError) as raised:
            attempt(leap, call, job_id)
        assert raised.value.response is not None
        assert raised.value.response.content == fault.body
    assert len(sandbox.requests) == 1
