"""Every error says what happened, where, and what to do, and has the facts as attributes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from clients import Clock
from leap_client import AsyncLeap, Leap, PublicModel, errors
from leap_client.api.images import delete, find_one, generate, list_all
from leap_client.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConnectionFailed,
    DecodeError,
    LeapError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeout,
    ServerError,
)
from leap_client.models import CreateInferenceDto, InferenceImageEntity
from rig import Fault, Sandbox

MODEL = PublicModel.SDXL
JOB = "a047df00-8bdd-4d57-a9bd-6eebef36ecaa"
JOBS = f"/api/v1/images/models/{MODEL}/inferences"
PATH = f"{JOBS}/{JOB}"

CLASSES: dict[int, type[ApiError]] = {
    **dict.fromkeys((405, 406, 408, 409, 410, 413, 415, 418, 425, 431, 451, 499), ApiError),
    **dict.fromkeys((500, 501, 502, 503, 504, 505, 511, 520, 521, 522, 523, 524, 525, 529, 598, 599), ServerError),
    400: BadRequestError,
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    422: BadRequestError,
    429: RateLimitError,
}


def run(call: Callable[[AsyncLeap], Any], sandbox: Sandbox) -> Any:
    """Make an asynchronous call."""

    async def main() -> Any:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url, max_retries=0) as leap:
            return await call(leap)

    return asyncio.run(main())


BODY = CreateInferenceDto(prompt="A photo of an astronaut riding a horse")
FUNCTIONS: dict[str, Callable[[Leap], object]] = {
    "generate.sync": lambda leap: generate.sync(MODEL, client=leap, body=BODY),
    "generate.sync_detailed": lambda leap: generate.sync_detailed(MODEL, client=leap, body=BODY),
    "list_all.sync": lambda leap: list_all.sync(MODEL, client=leap),
    "list_all.sync_detailed": lambda leap: list_all.sync_detailed(MODEL, client=leap),
    "find_one.sync": lambda leap: find_one.sync(MODEL, JOB, client=leap),
    "find_one.sync_detailed": lambda leap: find_one.sync_detailed(MODEL, JOB, client=leap),
    "delete.sync": lambda leap: delete.sync(MODEL, JOB, client=leap),
    "delete.sync_detailed": lambda leap: delete.sync_detailed(MODEL, JOB, client=leap),
}
ASYNC_FUNCTIONS: dict[str, Callable[[AsyncLeap], Any]] = {
    "generate.asyncio": lambda leap: generate.asyncio(MODEL, client=leap, body=BODY),
    "generate.asyncio_detailed": lambda leap: generate.asyncio_detailed(MODEL, client=leap, body=BODY),
    "list_all.asyncio": lambda leap: list_all.asyncio(MODEL, client=leap),
    "list_all.asyncio_detailed": lambda leap: list_all.asyncio_detailed(MODEL, client=leap),
    "find_one.asyncio": lambda leap: find_one.asyncio(MODEL, JOB, client=leap),
    "find_one.asyncio_detailed": lambda leap: find_one.asyncio_detailed(MODEL, JOB, client=leap),
    "delete.asyncio": lambda leap: delete.asyncio(MODEL, JOB, client=leap),
    "delete.asyncio_detailed": lambda leap: delete.asyncio_detailed(MODEL, JOB, client=leap),
}
METHODS: dict[str, Callable[[Leap], object]] = {
    "generate": lambda leap: leap.images.generate(MODEL, prompt="A photo"),
    "generate_detailed": lambda leap: leap.images.generate_detailed(MODEL, prompt="A photo"),
    "generate_and_wait": lambda leap: leap.images.generate_and_wait(MODEL, prompt="A photo"),
    "list_all": lambda leap: leap.images.list_all(MODEL),
    "list_all_detailed": lambda leap: leap.images.list_all_detailed(MODEL),
    "find_one": lambda leap: leap.images.find_one(MODEL, JOB),
    "find_one_detailed": lambda leap: leap.images.find_one_detailed(MODEL, JOB),
    "wait": lambda leap: leap.images.wait(MODEL, JOB),
    "delete": lambda leap: leap.images.delete(MODEL, JOB),
    "delete_detailed": lambda leap: leap.images.delete_detailed(MODEL, JOB),
}


# Which class.


@pytest.mark.parametrize("status", CLASSES)
def test_status_decides_the_class(leap: Leap, sandbox: Sandbox, status: int) -> None:
    """Each status, documented or not, is raised as the class of the tree that it belongs to."""
    sandbox.faults.add(Fault.answer(status))
    with pytest.raises(LeapError) as raised:
        leap.with_options(max_retries=0).images.find_one(MODEL, JOB)
    assert type(raised.value) is CLASSES[status]


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("status", [402, 520])
@pytest.mark.parametrize("call", METHODS)
def test_methods_raise_alike(leap: Leap, sandbox: Sandbox, call: str, status: int) -> None:
    """The methods and their detailed variants raise the same for the same answer; a wait passes over what may pass."""
    sandbox.faults.add(Fault.answer(status), times=None)
    with pytest.raises(LeapError) as raised:
        METHODS[call](leap)
    if call == "wait" and status == 520:
        assert isinstance(raised.value.__cause__, ServerError)
    else:
        assert type(raised.value) is CLASSES[status]


@pytest.mark.parametrize("status", [401, 520])
@pytest.mark.parametrize("call", FUNCTIONS)
def test_functions_raise_alike(sandbox: Sandbox, call: str, status: int) -> None:
    """The generated functions raise what the methods raise."""
    sandbox.faults.add(Fault.answer(status), times=None)
    with Leap(sandbox.token, base_url=sandbox.url, max_retries=0) as leap, pytest.raises(CLASSES[status]):
        FUNCTIONS[call](leap)


@pytest.mark.parametrize("status", [401, 520])
@pytest.mark.parametrize("call", ASYNC_FUNCTIONS)
def test_asynchronous_functions_raise_alike(sandbox: Sandbox, call: str, status: int) -> None:
    """So do their asynchronous twins."""
    sandbox.faults.add(Fault.answer(status), times=None)
    with pytest.raises(CLASSES[status]):
        run(ASYNC_FUNCTIONS[call], sandbox)


def test_tree() -> None:
    """Whoever catches the built-in class of a timeout or of a lost connection catches ours; all of it is exported."""
    tree = {
        LeapError: Exception,
        ApiError: LeapError,
        BadRequestError: ApiError,
        AuthenticationError: ApiError,
        PaymentRequiredError: ApiError,
        PermissionDeniedError: ApiError,
        NotFoundError: ApiError,
        RateLimitError: ApiError,
        ServerError: ApiError,
        DecodeError: LeapError,
        ConnectionFailed: LeapError,
        RequestTimeout: LeapError,
        errors.JobFailed: LeapError,
        errors.JobTimeout: LeapError,
    }
    assert {error.__name__ for error in tree} == set(errors.__all__)
    assert {error: error.__bases__[0] for error in tree} == tree
    assert issubclass(DecodeError, ValueError)
    assert issubclass(ConnectionFailed, ConnectionError)
    assert issubclass(RequestTimeout, TimeoutError)
    assert issubclass(errors.JobTimeout, TimeoutError)


# What it says.

CHECK_TOKEN = "Check the token: the argument `token`, or the variable LEAP_API_KEY"
CHECK_BALANCE = "Check the balance and the limits of the account"
SAID: dict[str, tuple[Fault, str]] = {
    "401": (
        Fault.answer(401),
        f"GET {PATH} answered 401 Unauthorized: Unauthorized. {CHECK_TOKEN}",
    ),
    "402": (
        Fault.json({"statusCode": 402, "message": "The limit is reached.", "error": "Payment Required"}, status=402),
        f"GET {PATH} answered 402 Payment Required: The limit is reached. {CHECK_BALANCE}",
    ),
    "404": (
        Fault.answer(404),
        f"GET {PATH} answered 404 Not Found: Not Found. Check the ids in the path",
    ),
    "429": (
        Fault.answer(429, retry_after=90),
        f"GET {PATH} answered 429 Too Many Requests: Too Many Requests. The server asks to wait 90 s",
    ),
    "520": (Fault.answer(520), f"GET {PATH} answered 520"),
    "a list": (
        Fault.json({"statusCode": 400, "message": ["no prompt", "steps must be a number"]}, status=400),
        f"GET {PATH} answered 400 Bad Request: no prompt; steps must be a number",
    ),
    "a string": (Fault.json("No.", status=403), f"GET {PATH} answered 403 Forbidden: No"),
    "something else": (
        Fault.json({"message": {"code": 7}, "statusCode": 400}, status=400),
        f"GET {PATH} answered 400 Bad Request: {{'code': 7}}",
    ),
    "nothing": (Fault.json({"statusCode": 400}, status=400), f"GET {PATH} answered 400 Bad Request"),
    "an array": (Fault.json([1], status=400), f"GET {PATH} answered 400 Bad Request"),
    "HTML": (Fault.html(status=503), f"GET {PATH} answered 503 Service Unavailable"),
    "request id": (
        replace(Fault.html(status=503), headers={"X-Request-Id": "req_9"}),
        f"GET {PATH} answered 503 Service Unavailable (request id req_9)",
    ),
    "lines": (
        Fault.json({"message": "one\r\ntwo\u2028three\x1b[2J\0"}, status=400),
        f"GET {PATH} answered 400 Bad Request: one two three�[2J�",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_message(leap: Leap, sandbox: Sandbox, case: str) -> None:
    """str(error) is one line: method, path, status, what the server says, and the next step where there is one."""
    fault, expected = SAID[case]
    sandbox.faults.add(fault)
    with pytest.raises(ApiError) as raised:
        leap.with_options(max_retries=0).images.find_one(MODEL, JOB)
    assert str(raised.value) == expected


def test_message_of_a_failed_submission_warns(leap: Leap, sandbox: Sandbox) -> None:
    """A server that fails on a submission may have made the job, and the message says so."""
    sandbox.faults.add(Fault.answer(500))
    with pytest.raises(ServerError) as raised:
        leap.images.generate(MODEL, prompt="A photo")
    assert str(raised.value) == (
        f"POST {JOBS} answered 500 Internal Server Error: Internal Server Error. "
        "The request may have taken effect, so it was not sent again"
    )


def test_message_of_a_page_tells_what_it_is(leap: Leap, sandbox: Sandbox) -> None:
    """A success that is a page, as proxies and wrong addresses answer, is told as one."""
    sandbox.faults.add(Fault.html())
    with pytest.raises(DecodeError) as raised:
        leap.images.find_one(MODEL, JOB)
    assert str(raised.value).startswith(f"GET {PATH} answered 200, but the body is 'text/html' and not JSON: ")


def test_message_is_never_long(leap: Leap, sandbox: Sandbox) -> None:
    """A server that says very much fills the attributes, and not the log."""
    sandbox.faults.add(Fault.json({"message": ["x" * 600] * 1000}, status=400))
    with pytest.raises(BadRequestError) as raised:
        leap.images.find_one(MODEL, JOB)
    assert len(str(raised.value)) < 700
    assert len(raised.value.message) > 600_000
    sandbox.image_faults.add(Fault.json({"message": "x" * 60_000}, status=403))
    with pytest.raises(PermissionDeniedError) as raised_elsewhere:
        leap.images.read(InferenceImageEntity(id="1", uri=f"{sandbox.images.url}/1.png", created_at=NOW))
    assert len(str(raised_elsewhere.value)) < 700
    assert len(raised_elsewhere.value.message) == 60_000


def test_path_is_told_as_it_was_sent(leap: Leap, sandbox: Sandbox) -> None:
    """An id that holds a line break or a slash stays in its own line and in its own part of the path."""
    sandbox.faults.add(Fault.answer(404))
    with pytest.raises(NotFoundError, match=r"^GET /api/v1/images/models/m/inferences/a%0AGET%20%2Fb answered 404"):
        leap.images.find_one("m", "a\nGET /b")


# What it holds.


@pytest.mark.parametrize(
    ("body", "held"),
    [
        (b'{"statusCode": 400, "message": "No"}', {"statusCode": 400, "message": "No"}),
        (b"[1, 2]", [1, 2]),
        (b"null", None),
        (b"<html>\xff\x00", b"<html>\xff\x00"),
        (b'{"statusCode": 4', b'{"statusCode": 4'),
        (b"", b""),
        (b"[" * 100_000, b"[" * 100_000),
        (b"9" * 5000, b"9" * 5000),
    ],
    ids=["object", "array", "null", "binary", "half", "empty", "deep", "long number"],
)
def test_attributes_of_an_answer(leap: Leap, sandbox: Sandbox, body: bytes, held: object) -> None:
    """An ApiError has status, message, body (its bytes unless it is JSON), headers, request and time."""
    sandbox.faults.add(Fault.answer(400, body=body, headers={"X-Trace": "t-1"}))
    with pytest.raises(BadRequestError) as raised:
        leap.images.find_one(MODEL, JOB)
    error = raised.value
    assert error.status_code == 400
    assert error.body == held
    assert error.message == ("No" if b"No" in body else "")
    assert error.headers["x-trace"] == "t-1"
    assert error.request.url == f"{sandbox.url}{PATH}"
    assert error.elapsed > timedelta(0)
    assert error.job is None


@pytest.mark.parametrize("status", [200, 401, 500])
def test_body_that_cannot_be_decompressed_keeps_its_bytes(leap: Leap, sandbox: Sandbox, status: int) -> None:
    """An answer whose body is not compressed as it says is an answer all the same, with the bytes as they came."""
    sandbox.faults.add(Fault.answer(status, body=b"no gzip", headers={"Content-Encoding": "gzip", "X-Trace": "t-1"}))
    with pytest.raises(LeapError) as raised:
        leap.images.generate(MODEL, prompt="A photo")
    error = raised.value
    if isinstance(error, DecodeError):
        assert error.response is not None
        assert (error.response.content, error.response.headers["x-trace"]) == (b"no gzip", "t-1")
    else:
        assert isinstance(error, CLASSES[status])
        assert (error.body, error.headers["x-trace"]) == (b"no gzip", "t-1")
    assert len(sandbox.requests) == 1


def test_time_is_that_of_the_last_attempt(leap: Leap, sandbox: Sandbox, clock: Clock) -> None:
    """`elapsed` leaves out the earlier attempts and the pauses between them."""
    sandbox.faults.add(replace(Fault.answer(503), delay=0.2), Fault.answer(404))
    started = time.perf_counter()
    with pytest.raises(NotFoundError) as raised:
        leap.images.find_one(MODEL, JOB)
    assert len(clock.naps) == 1
    assert raised.value.elapsed.total_seconds() < time.perf_counter() - started - 0.2


NOW = datetime(2023, 2, 10, 8, 8, 25, tzinfo=UTC)
RETRY_AFTER: dict[str, tuple[dict[str, str], float | None]] = {
    "none": ({}, None),
    "seconds": ({"retry-after": "120"}, 120),
    "zero": ({"retry-after": "0"}, 0),
    "blanks": ({"retry-after": " 7 "}, 7),
    "date": ({"retry-after": "Fri, 10 Feb 2023 08:09:25 GMT", "date": format_datetime(NOW, usegmt=True)}, 60),
    "old form of date": ({"retry-after": "Friday, 10-Feb-23 08:09:25 GMT", "date": format_datetime(NOW)}, 60),
    "oldest form of date": ({"retry-after": "Fri Feb 10 08:09:25 2023", "date": format_datetime(NOW)}, 60),
    "past": ({"retry-after": "Fri, 10 Feb 2023 08:09:25 GMT"}, 0),
    "negative": ({"retry-after": "-5"}, None),
    "fraction": ({"retry-after": "1.5"}, None),
    "words": ({"retry-after": "soon"}, None),
    "no date": ({"retry-after": "Fri, 99 Feb 2023 08:09:25 GMT"}, None),
    "digits of no number": ({"retry-after": "²"}, None),
    "for ever": ({"retry-after": "9" * 400}, 365 * 86400),
    "date for ever": ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 365 * 86400),
}


@pytest.mark.parametrize("case", RETRY_AFTER)
def test_retry_after(case: str) -> None:
    """Retry-After is read as seconds or in any form of date, a year at most; what cannot be read is None."""
    headers, expected = RETRY_AFTER[case]
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = httpx.Response(429, headers=raw, request=httpx.Request("GET", "https://example.com"))
    error = errors.api_error(answer, b"", timedelta())
    assert isinstance(error, RateLimitError)
    assert error.retry_after == expected
