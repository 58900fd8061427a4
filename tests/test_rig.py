"""The rig of the tests keeps its promises: faults, logs, and other ways in which the service may behave.

Seen from outside: by plain HTTP over real sockets.
"""

import io
import json
import socket
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from callers import Caller, client
from clients import Clock
from rig import Fault, Options, Sandbox, delayed, hidden, truncated

CONNECTION_LOST = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


# The service can behave in every way that the real one may.


@pytest.mark.parametrize("status", [200, 201])
def test_submission_status(caller: Caller, sandbox: Sandbox, status: int) -> None:
    """A submission is answered with either of the two statuses that are known."""
    sandbox.reset(post_status=status)
    assert caller.post().status_code == status


@pytest.mark.parametrize("upscaling", ["x1", "x4", None])
def test_upscaling(caller: Caller, sandbox: Sandbox, upscaling: str | None) -> None:
    """The upscaling option can be any, and can be absent as in older bodies."""
    sandbox.reset(upscaling=upscaling)
    assert caller.make().get("upscalingOption") == upscaling


@pytest.mark.parametrize("base", [0, 1])
def test_page_base(caller: Caller, sandbox: Sandbox, base: int) -> None:
    """Pages count from 0 or from 1, hold `pageSize` jobs, and are empty after the last job."""
    sandbox.reset(page_base=base)
    jobs = [job.id for job in sandbox.add_jobs(5)]
    pages = [caller.ids(page=page, pageSize=2) for page in range(base, base + 4)]
    assert pages == [jobs[:2], jobs[2:4], jobs[4:], []]


def test_page_ignored(caller: Caller, sandbox: Sandbox) -> None:
    """A server that ignores the page answers every time with the first."""
    sandbox.reset(page_ignored=True)
    jobs = [job.id for job in sandbox.add_jobs(3)]
    for page in range(4):
        assert caller.ids(page=page, pageSize=2) == jobs[:2]


@pytest.mark.parametrize(("before_first", "count"), [("empty", 0), ("first", 3)])
def test_page_before_the_first(caller: Caller, sandbox: Sandbox, before_first: str, count: int) -> None:
    """A page before the first one is empty, or is the first one."""
    sandbox.reset(before_first=before_first)
    sandbox.add_jobs(3)
    assert len(caller.ids(page=0)) == count


@pytest.mark.parametrize(
    ("options", "query", "count"),
    [
        ({"page_size": 7}, {}, 7),
        ({"page_size": None}, {}, 30),
        ({"page_size": 7}, {"pageSize": 9}, 9),
        ({"page_limit": 4}, {"pageSize": 9}, 4),
        ({"page_limit": 4, "page_size": None}, {}, 4),
    ],
)
def test_page_size(
    caller: Caller, sandbox: Sandbox, options: dict[str, Any], query: dict[str, Any], count: int
) -> None:
    """A page has a default size, and may have a limit whatever is asked for."""
    sandbox.reset(**options)
    sandbox.add_jobs(30)
    assert len(caller.ids(**query)) == count


@pytest.mark.parametrize(
    ("shown", "seen"),
    [(truncated(2), [0, 1]), (delayed(5), [0]), (hidden(1), []), (hidden(0), [0, 1, 2])],
    ids=["truncated", "delayed", "hidden", "all"],
)
def test_incomplete_list(caller: Caller, sandbox: Sandbox, shown: Any, seen: list[int]) -> None:
    """A list can leave jobs out, for a while or for good; each of them is found by its id all the same."""
    clock = Clock()
    sandbox.reset(shown=shown, clock=clock)
    jobs = [job.id for job in sandbox.add_jobs()]
    clock.now += 5
    jobs += [job.id for job in sandbox.add_jobs(2)]
    assert caller.ids() == [jobs[index] for index in seen]
    assert [caller.find(job)["id"] for job in jobs] == jobs


def test_billing_limit(caller: Caller, sandbox: Sandbox) -> None:
    """A submission over the billing limit is a 402, and makes no job."""
    sandbox.reset(billing_limit=1)
    assert [caller.post().status_code for _ in range(3)] == [201, 402, 402]
    assert len(sandbox.submitted) == 1


# The image origin can be like an object store, and can fail.


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_image_format(caller: Caller, stranger: httpx.Client, sandbox: Sandbox, image_format: str) -> None:
    """A file can be of another kind than its address says."""
    sandbox.reset(image_format=image_format)
    uri = caller.make(width=64, height=64)["images"][0]["uri"]
    assert uri.endswith(".png")
    with Image.open(io.BytesIO(stranger.get(uri).content)) as image:
        assert image.format == image_format


@pytest.mark.parametrize(
    ("wanted", "part", "span"),
    [
        ("bytes=0-9", slice(0, 10), "0-9"),
        ("bytes=10-", slice(10, None), "10-{last}"),
        ("bytes=-10", slice(-10, None), "{tenth}-{last}"),
        ("bytes=10-999999", slice(10, None), "10-{last}"),
    ],
)
def test_range(stranger: httpx.Client, uri: str, wanted: str, part: slice, span: str) -> None:
    """A part of a file can be had."""
    whole = stranger.get(uri).content
    response = stranger.get(uri, headers={"range": wanted})
    bounds = span.format(last=len(whole) - 1, tenth=len(whole) - 10)
    assert response.status_code == 206
    assert response.content == whole[part]
    assert response.headers["content-range"] == f"bytes {bounds}/{len(whole)}"


def test_range_after_the_end(stranger: httpx.Client, uri: str) -> None:
    """A part after the end is refused, with the size of the file."""
    size = len(stranger.get(uri).content)
    response = stranger.get(uri, headers={"range": f"bytes={size}-"})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{size}"


def test_range_of_another_file(stranger: httpx.Client, uri: str) -> None:
    """A part of a file that is not the same any more is answered with the whole file."""
    tag = stranger.get(uri).headers["etag"]
    statuses = [stranger.get(uri, headers={"range": "bytes=5-", "if-range": each}).status_code for each in (tag, '"x"')]
    assert statuses == [206, 200]


def test_no_ranges(stranger: httpx.Client, sandbox: Sandbox, uri: str) -> None:
    """A server may know nothing of parts."""
    sandbox.options.ranges = False
    response = stranger.get(uri, headers={"range": "bytes=5-"})
    assert response.status_code == 200
    assert "accept-ranges" not in response.headers


def test_not_modified(stranger: httpx.Client, uri: str) -> None:
    """A client that has the file does not get it again."""
    tag = stranger.get(uri).headers["etag"]
    assert stranger.get(uri, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_cut_download(stranger: httpx.Client, sandbox: Sandbox, uri: str, size: int) -> None:
    """A download can be cut after any number of bytes, and what came before is right."""
    whole = stranger.get(uri).content
    received: list[bytes] = []
    sandbox.image_faults.add(Fault.cut_after(size))
    with stranger.stream("GET", uri) as response:
        assert response.headers["content-length"] == str(len(whole))
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            received.extend(response.iter_raw())
    assert b"".join(received) in {b"", whole[:size]}


def test_cut_exactly(stranger: httpx.Client, sandbox: Sandbox, uri: str) -> None:
    """All bytes before the cut arrive."""
    whole = stranger.get(uri).content
    for size in (1, 10, len(whole) - 1):
        sandbox.image_faults.add(Fault.cut_after(size, framing="close"))
        assert stranger.get(uri).content == whole[:size]


def test_unending_download(stranger: httpx.Client, sandbox: Sandbox, uri: str) -> None:
    """A download can go on for ever, until the client leaves."""
    sandbox.image_faults.add(Fault.unending())
    received = 0
    with stranger.stream("GET", uri) as response:
        for piece in response.iter_raw():
            received += len(piece)
            if received > 1_000_000:
                break
    assert sandbox.until(lambda: sandbox.image_requests[-1].ended)


def test_lying_length(stranger: httpx.Client, sandbox: Sandbox, uri: str) -> None:
    """A download can claim any size."""
    sandbox.image_faults.add(Fault(claim=10**12))
    with stranger.stream("GET", uri) as response:
        assert response.headers["content-length"] == "1000000000000"
        with pytest.raises(httpx.RemoteProtocolError):
            response.read()


@pytest.mark.parametrize("framing", ["close", "chunked"])
def test_unsized_download(stranger: httpx.Client, sandbox: Sandbox, uri: str, framing: Any) -> None:
    """A download can come without its size."""
    whole = stranger.get(uri).content
    sandbox.image_faults.add(Fault.unsized(framing=framing))
    response = stranger.get(uri)
    assert "content-length" not in response.headers
    assert response.content == whole


# Every fault does what it says, and nothing else.


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])
@pytest.mark.parametrize("jobs", [0, 1], ids=["before", "after"])
def test_status(caller: Caller, sandbox: Sandbox, status: int, jobs: int) -> None:
    """A status is answered before the job exists, or after: then it must be paid."""
    fault = Fault.answer(status, acts=bool(jobs))
    sandbox.faults.add(fault)
    response = caller.post()
    assert response.status_code == status
    assert (response.json()["statusCode"] if status < 520 else response.content) in {status, b""}
    assert len(sandbox.submitted) == jobs
    (request,) = sandbox.requests
    assert (request.reached, request.status, request.fault) == (bool(jobs), status, fault)


@pytest.mark.parametrize(
    ("retry_after", "header"),
    [(120, "120"), (0.5, "0.5"), (datetime(2023, 2, 10, 8, 8, 25, tzinfo=UTC), "Fri, 10 Feb 2023 08:08:25 GMT")],
)
def test_retry_after(caller: Caller, sandbox: Sandbox, retry_after: float | datetime, header: str) -> None:
    """`Retry-After` is there on request, in seconds or as a date."""
    sandbox.faults.add(Fault.answer(429, retry_after=retry_after), Fault.answer(429))
    assert [caller.page().headers.get("retry-after") for _ in range(2)] == [header, None]


def test_any_answer(caller: Caller, sandbox: Sandbox) -> None:
    """An answer can have any headers and any body."""
    sandbox.faults.add(Fault.answer(503, headers={"x-request-id": "r1"}, body=b"\xff\x00"))
    response = caller.page()
    assert response.headers["x-request-id"] == "r1"
    assert response.content == b"\xff\x00"


@pytest.mark.parametrize(
    ("fault", "jobs"),
    [
        (Fault.dropped("unread"), 0),
        (Fault.dropped("request"), 0),
        (Fault.dropped("answer"), 0),
        (Fault.dropped("answer", acts=True), 1),
    ],
)
@pytest.mark.parametrize("size", [1, 1_000_000], ids=["small", "large"])
def test_dropped(caller: Caller, sandbox: Sandbox, fault: Fault, jobs: int, size: int) -> None:
    """A connection is closed instead of an answer, before the job exists or after."""
    sandbox.faults.add(fault)
    with pytest.raises(CONNECTION_LOST):
        caller.post(prompt="x" * size)
    assert len(sandbox.submitted) == jobs
    (request,) = sandbox.requests
    assert (request.reached, request.status) == (bool(jobs), None)


@pytest.mark.parametrize("when", ["unread", "request"])
def test_dropped_while_sending(caller: Caller, sandbox: Sandbox, when: Any) -> None:
    """A connection can be closed while the client is still sending."""
    sandbox.faults.add(Fault.dropped(when))
    pieces = 1000
    headers = {"content-type": "application/json", "content-length": str(pieces * 65536)}
    with pytest.raises(CONNECTION_LOST):
        caller.http.post(caller.path, content=(b" " * 65536 for _ in range(pieces)), headers=headers)
    assert sandbox.until(lambda: sandbox.requests[0].ended)
    received = len(sandbox.requests[0].body)
    assert received == 0 if when == "unread" else 0 < received < pieces * 65536


def test_reset_connection(caller: Caller, sandbox: Sandbox) -> None:
    """A connection can be reset rather than closed."""
    sandbox.faults.add(Fault.dropped(reset=True))
    with pytest.raises(httpx.ReadError):
        caller.page()


def test_down(caller: Caller, sandbox: Sandbox) -> None:
    """Connections can be refused for a while, and are accepted again at the same address."""
    for _ in range(2):
        caller.page()
        with sandbox.down(), pytest.raises(httpx.ConnectError):
            caller.page()
    assert caller.page().status_code == 200
    assert len(sandbox.requests) == 3


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_half(caller: Caller, sandbox: Sandbox, framing: Any) -> None:
    """Half an answer comes, about a job that exists."""
    sandbox.faults.add(Fault.half(framing=framing))
    with pytest.raises(httpx.RemoteProtocolError):
        caller.post()
    assert len(sandbox.submitted) == 1


def test_half_exactly(caller: Caller, sandbox: Sandbox) -> None:
    """What comes is the first half of the answer, and the length says that it was to be whole."""
    whole = caller.make()
    sandbox.faults.add(Fault.half())
    with caller.http.stream("GET", f"{caller.path}/{whole['id']}") as response:
        received = next(response.iter_raw())
    assert json.dumps(whole).encode().startswith(received)
    assert int(response.headers["content-length"]) // 2 >= len(received)


@pytest.mark.parametrize(
    ("fault", "content_type", "body"),
    [
        (Fault.html(), "text/html; charset=utf-8", "<!DOCTYPE html>"),
        (Fault.invalid_json(), "application/json", "{"),
        (Fault.empty(), None, ""),
        (Fault.json({"id": 7, "images": None}), "application/json", '{"id": 7'),
        (Fault.json([]), "application/json", "[]"),
        (Fault.json(None, status=201), "application/json", "null"),
    ],
)
def test_unreadable(caller: Caller, sandbox: Sandbox, fault: Fault, content_type: str | None, body: str) -> None:
    """A success can have a body that no job can be read from."""
    sandbox.faults.add(fault)
    response = caller.page()
    assert response.is_success
    assert response.headers.get("content-type") == content_type
    assert response.text.startswith(body)
    assert sandbox.requests[0].reached is False


def test_late(caller: Caller, sandbox: Sandbox) -> None:
    """An answer can come late."""
    sandbox.faults.add(Fault.late(0.05))
    assert caller.post().status_code == 201


@pytest.mark.parametrize(("fault", "jobs"), [(Fault.silent(), 0), (Fault.silent(acts=True), 1), (Fault.late(60), 1)])
def test_silent(caller: Caller, sandbox: Sandbox, fault: Fault, jobs: int) -> None:
    """No answer comes while the client waits, and the sandbox lets go when the client does."""
    sandbox.faults.add(fault)
    with pytest.raises(httpx.ReadTimeout):
        caller.http.post(caller.path, json={"prompt": "A photo"}, timeout=httpx.Timeout(60, read=0.2))
    assert sandbox.until(lambda: [request.ended for request in sandbox.requests] == [True])
    assert len(sandbox.submitted) == jobs
    assert sandbox.requests[0].status is None


def test_dripping_body(caller: Caller, sandbox: Sandbox) -> None:
    """A body can come a byte at a time, and is whole in the end."""
    sandbox.faults.add(replace(Fault.html(), drip=0.0001))
    with caller.http.stream("GET", caller.path) as response:
        pieces = list(response.iter_raw())
    assert b"".join(pieces) == Fault.html().body
    assert len(pieces) > 1


def test_dripping_head(caller: Caller, sandbox: Sandbox) -> None:
    """A head can come a byte at a time, too."""
    sandbox.faults.add(Fault.dripping(0.0001, head=True))
    address, pieces = urlsplit(sandbox.url), []
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(f"GET {caller.path} HTTP/1.1\r\nhost: sandbox\r\n\r\n".encode())
        while piece := connection.recv(65536):
            pieces.append(piece)
    assert b"".join(pieces).startswith(b"HTTP/1.1 401 Unauthorized\r\n")
    assert b"\r\n\r\n" not in pieces[0]


def test_hang_up(caller: Caller, sandbox: Sandbox) -> None:
    """A connection can be closed after an answer that did not say so."""
    sandbox.faults.add(Fault(hang_up=True))
    response = caller.page()
    assert response.json() == []
    assert "connection" not in response.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect(caller: Caller, sandbox: Sandbox, status: int) -> None:
    """A redirect leads to another host, which logs whether it was sent a token."""
    sandbox.faults.add(Fault.redirect(f"{sandbox.elsewhere.url}/path", status=status))
    assert caller.http.get(caller.path, follow_redirects=True).json() == {"elsewhere": True}
    caller.http.get(f"{sandbox.elsewhere.url}/path")
    assert ["authorization" in request.headers for request in sandbox.elsewhere.requests] == [False, True]


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.answer(503), Fault.dropped("unread"), Fault.dropped(acts=True), Fault.dropped(reset=True)),
        *(Fault.half(), Fault.cut_after(0), Fault.unsized(), Fault.html()),
    ],
)
def test_the_next_request_is_spared(caller: Caller, sandbox: Sandbox, fault: Fault) -> None:
    """A fault happens once, and leaves nothing behind."""
    sandbox.faults.add(fault)
    with suppress(*CONNECTION_LOST):
        caller.page()
    assert caller.page().json() == []
    assert len(sandbox.requests) == 2


# Faults happen to the requests that they are meant for.


def test_fault_order(caller: Caller, sandbox: Sandbox) -> None:
    """Faults happen in the order in which they were planned, and are used up."""
    sandbox.faults.add(Fault.answer(500), Fault.answer(502))
    sandbox.faults.add(Fault.answer(503), times=2)
    assert len(sandbox.faults.left) == 3
    assert [caller.page().status_code for _ in range(5)] == [500, 502, 503, 503, 200]
    assert sandbox.faults.left == []


def test_fault_for_ever(caller: Caller, sandbox: Sandbox) -> None:
    """A fault can stay until it is cleared."""
    sandbox.faults.add(Fault.answer(500), times=None)
    assert {caller.page().status_code for _ in range(5)} == {500}
    sandbox.faults.clear()
    assert caller.page().status_code == 200


def test_fault_target(caller: Caller, sandbox: Sandbox) -> None:
    """A fault can be for one method, or for some paths."""
    job_id = caller.submit()["id"]
    sandbox.faults.add(Fault.answer(500), method="DELETE")
    sandbox.faults.add(Fault.answer(502), path="*/inferences/*")
    answers = (caller.page(), caller.get(job_id), caller.get(job_id), caller.delete(job_id))
    assert [answer.status_code for answer in answers] == [200, 502, 200, 500]


def test_random_faults(caller: Caller, sandbox: Sandbox) -> None:
    """A function can choose what happens; the same seed chooses the same, and planned faults come first."""

    def draw() -> list[int]:
        sandbox.faults.randomly(lambda _, dice: dice.choice([None, Fault.answer(503)]), seed=7)
        return [caller.page().status_code for _ in range(30)]

    assert set(draw()) == {200, 503}
    assert draw() == draw()
    sandbox.faults.add(Fault.answer(500))
    assert draw()[0] == 500


def test_chosen_faults(caller: Caller, sandbox: Sandbox) -> None:
    """A function can choose by the request."""
    sandbox.faults.randomly(lambda request, _: Fault.answer(503) if request.method == "POST" else None)
    assert (caller.page().status_code, caller.post().status_code) == (200, 503)


# The log of requests is complete.


def test_log(caller: Caller, sandbox: Sandbox) -> None:
    """A request is logged as it was sent."""
    headers = [("X-Twice", "1"), ("X-Twice", "2")]
    caller.http.post("/a%2Fb/%C3%BC?page=1&empty=", content=b'{"a": 1}', headers=headers)
    (request,) = sandbox.requests
    assert (request.method, request.target) == ("POST", "/a%2Fb/%C3%BC?page=1&empty=")
    assert (request.path, request.query) == ("/a/b/ü", {"page": "1", "empty": ""})
    assert request.headers["authorization"] == f"Bearer {sandbox.token}"
    assert request.headers["x-twice"] == "1, 2"
    assert request.json() == {"a": 1}
    assert sandbox.until(lambda: request.ended)
    assert (request.reached, request.status, request.fault) == (True, 404, None)


def test_log_of_every_request(caller: Caller, sandbox: Sandbox) -> None:
    """Every request is logged once and in order, those included that never reach the application."""
    sandbox.faults.add(Fault.answer(503), Fault.dropped())
    for _ in range(4):
        with suppress(*CONNECTION_LOST):
            caller.page()
    assert [request.status for request in sandbox.requests] == [503, None, 200, 200]
    assert [request.reached for request in sandbox.requests] == [False, False, True, True]


# A reset makes all as new, and nobody is waited for.


def test_reset(caller: Caller, sandbox: Sandbox, receiver: str) -> None:
    """A reset leaves no job, request, fault, delivery or option, and an open connection can be used on."""
    caller.submit(webhookUrl=receiver)
    assert sandbox.until(lambda: len(sandbox.deliveries) == 1)
    sandbox.options.page_base = 0
    sandbox.faults.add(Fault.answer(500))
    sandbox.image_faults.add(Fault.answer(500))
    sandbox.reset()
    assert sandbox.options == Options()
    logs = (sandbox.jobs, sandbox.submitted, sandbox.deliveries, sandbox.requests, sandbox.elsewhere.requests)
    assert not any(logs)
    assert not any((sandbox.faults.left, sandbox.image_faults.left))
    assert caller.page().json() == []


def test_reset_options() -> None:
    """A reset goes back to the options that the sandbox was made with."""
    with Sandbox(seconds=5, page_base=0) as sandbox:
        sandbox.reset(page_base=1)
        assert (sandbox.options.seconds, sandbox.options.page_base) == (5, 1)
        sandbox.reset()
        assert (sandbox.options.seconds, sandbox.options.page_base) == (5, 0)


def test_reset_ends_open_requests(caller: Caller, sandbox: Sandbox) -> None:
    """A request that is still open at a reset ends there."""
    sandbox.faults.add(Fault.silent())
    waiting = threading.Thread(target=pytest.raises, args=(CONNECTION_LOST, caller.page))
    waiting.start()
    assert sandbox.until(lambda: len(sandbox.requests) == 1)
    sandbox.reset()
    waiting.join()


def test_close_ends_open_requests() -> None:
    """A sandbox stops although one client waits for an answer, another is downloading, and a third is idle."""
    with ExitStack() as stack:
        idle, waiting, loading = (stack.enter_context(client()) for _ in range(3))
        with Sandbox() as sandbox:
            idle.get(sandbox.url)
            sandbox.faults.add(Fault.silent())
            sandbox.image_faults.add(Fault.unending())
            thread = threading.Thread(target=pytest.raises, args=(CONNECTION_LOST, waiting.get, sandbox.url))
            thread.start()
            download = stack.enter_context(loading.stream("GET", sandbox.images.url))
            assert sandbox.until(lambda: len(sandbox.requests) == 2)
        thread.join()
        with suppress(*CONNECTION_LOST):
            download.read()
        with pytest.raises(httpx.ConnectError):
            idle.get(sandbox.url)


def test_unknown_option() -> None:
    """A misspelt option is refused."""
    with pytest.raises(TypeError, match="page_bass"):
        Sandbox(page_bass=0)


def test_until_gives_up(sandbox: Sandbox) -> None:
    """Waiting for what never happens ends, and says so."""
    assert sandbox.until(lambda: False, timeout=0.01) is False
