"""The token is nowhere but on its way to the API: not in what is said, kept, logged, raised, or sent to others."""

import asyncio
import gzip
import json
import logging
import signal
import socketserver
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import quote

import httpx
import pytest

import engines
from clients import Clock, opened
from engines import ENGINES, release
from leaks import leaks
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import ApiError, AuthenticationError, DecodeError, LeapError
from rig import Fault, Sandbox

running_leap = engines.running_leap

MODEL = PublicModel.SDXL
PROMPT = "A photo of an astronaut riding a horse"
SOON = 0.25

CALLS: dict[str, Callable[[Leap], object]] = {
    "generate": lambda leap: leap.images.generate_detailed(MODEL, prompt=PROMPT),
    "find_one": lambda leap: leap.images.find_one_detailed(MODEL, "1"),
    "list_all": lambda leap: leap.images.list_all_detailed(MODEL),
    "delete": lambda leap: leap.images.delete_detailed(MODEL, "1"),
}
FAULTS: dict[str, Fault] = {
    **{str(status): Fault.answer(status) for status in (400, 401, 402, 403, 404, 408, 500, 503, 520)},
    "429": Fault.answer(429, retry_after=3600),
    "redirect": Fault.redirect("/elsewhere"),
    "HTML": Fault.html(),
    "HTML error": Fault.html(status=502),
    "no JSON": Fault.invalid_json(),
    "wrong JSON": Fault.json("queued"),
    "silence": Fault.silent(),
    "dripping head": Fault.dripping(2 * SOON, head=True),
    "dripping body": Fault.dripping(2 * SOON),
    "closed": Fault.dropped(),
    "reset": Fault.dropped("unread", reset=True),
    "half a body": Fault(status=400, body=b"{}" * 9, cut=3),
    "no HTTP": Fault(status=200, headers={"no header": "\0"}, framing="close"),
}
SLOW = {"silence", "dripping head", "dripping body"}


def raised_by(call: Callable[[], object]) -> BaseException:
    """Return what a call raises; the token is in none of the variables here."""
    try:
        call()
    except BaseException as error:  # noqa: BLE001 - any will do
        return error
    raise AssertionError("nothing was raised")


# What is raised, and what stays behind.


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("fault", "call"),
    [(fault, call) for fault in FAULTS for call in CALLS if fault not in SLOW or call in {"generate", "find_one"}],
)
def test_no_error_holds_the_token(
    leap: Leap, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, fault: str, call: str
) -> None:
    """Whatever goes wrong: nothing that can be reached from the error, the client or the log holds the token."""
    caplog.set_level(logging.DEBUG, logger="")
    sandbox.faults.add(FAULTS[fault], times=None)
    limits = httpx.Timeout(60, read=SOON)
    asking = leap.with_options(timeout=limits, max_retries=0) if fault in SLOW else leap.with_options()
    try:
        answer: object = CALLS[call](asking)
    except LeapError as error:
        answer = error
    assert sandbox.until(lambda: len(sandbox.requests) >= 1)
    assert sandbox.requests[0].headers["authorization"] == f"Bearer {sandbox.token}"
    assert leaks(answer, sandbox.token) == []
    assert leaks(asking, sandbox.token) == []
    assert leaks(caplog.records, sandbox.token) == []
    assert sandbox.token not in caplog.text
    assert PROMPT not in caplog.text


@pytest.mark.usefixtures("clock")
def test_no_refused_connection_holds_the_token(leap: Leap, sandbox: Sandbox) -> None:
    """Nor does the error of a connection that could not be made."""
    with sandbox.down():
        for call in CALLS.values():
            error = raised_by(lambda call=call: call(leap))  # type: ignore[misc] # binds the variable of the loop
            assert isinstance(error, LeapError)
            assert leaks(error, sandbox.token) == []


def test_no_success_holds_the_token(leap: Leap, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """Nor does any answer, or anything that can be reached from a client that was used."""
    caplog.set_level(logging.DEBUG, logger="")
    job = leap.images.generate_detailed(MODEL, prompt=PROMPT)
    answers = [
        job,
        leap.images.find_one_detailed(MODEL, job.parsed.id),
        leap.images.list_all_detailed(MODEL),
        leap.images.delete_detailed(MODEL, job.parsed.id),
    ]
    assert leaks(answers, sandbox.token) == []
    assert leaks(leap, sandbox.token) == []
    assert leaks(leap.images, sandbox.token) == []
    assert leaks(caplog.records, sandbox.token) == []
    assert PROMPT not in caplog.text


def test_search_finds_what_it_looks_for() -> None:
    """The search itself works: it finds a token in each of the places where one could be."""
    error = ValueError("x")
    error.__cause__ = LeapError("a secret")
    held = {"request": httpx.Request("GET", "https://example.com", headers={"Authorization": "Bearer secret"})}
    assert leaks(error, "secret")
    assert leaks(held, "secret")
    assert leaks([lambda: held], "secret")
    assert leaks(raised_by(lambda: Leap("0123456789").with_options(base_url="secret")), "secret")


@pytest.mark.parametrize("token", ["sk-line\nbreak-0123", b"sk-bytes-0123456789", " sk-blank-0123456789"], ids=repr)
@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_refused_token_is_not_shown(kind: type[Leap | AsyncLeap], monkeypatch: pytest.MonkeyPatch, token: Any) -> None:
    """A token that is refused is not in the error, nor in a variable of ours."""
    secret = token.decode() if isinstance(token, bytes) else token
    assert leaks(raised_by(lambda: kind(token)), secret) == []
    assert leaks(raised_by(lambda: kind("0123456789").with_options(token=token)), secret) == []
    if isinstance(token, str):
        monkeypatch.setenv("LEAP_API_KEY", token)
        assert leaks(raised_by(kind), secret) == []


@pytest.mark.parametrize("options", [{"base_url": "x"}, {"timeout": -1}, {"headers": {"x": 1}}], ids=str)
@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_refused_option_does_not_show_the_token(kind: type[Leap | AsyncLeap], options: dict[str, Any]) -> None:
    """An error of another option does not hold the token either."""
    assert leaks(raised_by(lambda: kind(engines.SECRET, **options)), engines.SECRET) == []
    error = raised_by(lambda: kind("0123456789").with_options(token=engines.SECRET, **options))
    assert leaks(error, engines.SECRET) == []


class Interrupted(BaseException):
    """What Ctrl-C raises, or something like it."""


class Interrupting(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport in which a request comes to no end."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Be interrupted."""
        assert "authorization" in request.headers
        raise Interrupted

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Be interrupted."""
        return self.handle_request(request)


@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_interruption_does_not_show_the_token(kind: type[Leap | AsyncLeap]) -> None:
    """Whatever ends a call from outside finds the token in no variable of ours."""
    with opened(kind, engines.SECRET, transport=Interrupting()) as leap:
        error = raised_by(lambda: leap.images.list_all(MODEL))
    assert isinstance(error, Interrupted)
    assert leaks(error, engines.SECRET) == []


def test_interruption_of_a_pause_does_not_show_the_token(leap: Leap, sandbox: Sandbox, clock: Clock) -> None:
    """Nor does what happens between two attempts, whatever came of the first one."""

    def interrupted() -> None:
        raise Interrupted

    clock.on_nap = interrupted
    for fault in (Fault.answer(503), Fault.dropped(), Fault.half(), Fault.answer(429)):
        sandbox.faults.add(fault)
        error = raised_by(lambda: leap.images.list_all(MODEL))
        assert isinstance(error, Interrupted)
        assert leaks(error, sandbox.token) == []


async def interrupt(error: BaseException) -> None:
    """Raise, as what is awaited."""
    raise error


@pytest.mark.parametrize("error", [Interrupted(), RuntimeError("a fault of another library")], ids=repr)
@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_interruption_of_sending_does_not_show_the_token(
    kind: type[Leap | AsyncLeap], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Not even what happens while the token is being written finds it in a variable of ours."""
    stream = "anyio.AnyIOStream.write" if kind is AsyncLeap else "sync.SyncStream.write"
    fail = (lambda *_: interrupt(error)) if kind is AsyncLeap else Mock(side_effect=error)
    with opened(kind, engines.SECRET, base_url=sandbox.url) as leap:
        monkeypatch.setattr(f"httpcore._backends.{stream}", fail)
        caught = raised_by(lambda: leap.images.list_all(MODEL))
    assert caught is error
    # The variables of httpx are beyond us, unless nobody would miss them.
    found = [way for way in leaks(caught, engines.SECRET) if isinstance(error, Interrupted) or way[:4] != "str("]
    assert found == []


@pytest.mark.parametrize("engine", ["async", "aiohttp"])
def test_cancellation_does_not_show_the_token(sandbox: Sandbox, engine: str) -> None:
    """A call that is cancelled while it waits leaves the token in no variable of ours, and the client in order."""
    sandbox.faults.add(Fault.silent(), Fault.dripping(SOON))

    async def main() -> None:
        async with AsyncLeap(sandbox.token, base_url=sandbox.url, **ENGINES[engine][1]()) as leap:
            for _ in range(2):
                error: BaseException
                with pytest.raises(TimeoutError) as raised:
                    async with asyncio.timeout(SOON):
                        await leap.images.list_all(MODEL)
                error = raised.value
                assert leaks(error, sandbox.token) == []
            assert await leap.images.list_all(MODEL) == []

    asyncio.run(main())


# A server that says it aloud.

ECHOES: dict[str, Callable[[str], bytes]] = {
    "text": lambda token: f"Who is {token}?".encode(),
    "JSON": lambda token: json.dumps({"message": f"Who is {token}?"}).encode(),
    "JSON of PHP": lambda token: json.dumps({"message": f"Who is\n{token}?"}).replace("/", "\\/").encode(),
    "JSON in escapes": lambda token: b'{"message": "%s"}' % "".join(f"\\u{ord(char):04X}" for char in token).encode(),
    "URL": lambda token: f'{{"message": "?token%3D{quote(token, safe="")}"}}'.encode(),
    "HTML": lambda token: f"<p>Who is {escape(token)}?".encode(),
    "HTML in numbers": lambda token: "".join(f"&#{ord(char)};" for char in token).encode(),
    "list": lambda token: json.dumps({"message": ["x", f"Bearer {token}"], token: [{token: token}]}).encode(),
}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500, 520])
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("engine", ENGINES)
def test_echo_of_the_token_is_not_passed_on(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, engine: str, echo: str, status: int
) -> None:
    """A server that repeats the token, in a body that cannot be used, cannot get it into the error or a log."""
    caplog.set_level(logging.DEBUG, logger="")
    body = ECHOES[echo](engines.SECRET)
    sandbox.faults.add(Fault.answer(status, body=body, headers={"X-Echo": engines.SECRET, "Content-Type": "text/x"}))
    kind, options = ENGINES[engine]
    with opened(kind, engines.SECRET, base_url=sandbox.url, max_retries=0, **options()) as leap:
        error = raised_by(lambda: leap.images.list_all(MODEL))
    assert isinstance(error, DecodeError if status == 200 else ApiError)
    for spelling in (engines.SECRET, *(spell(engines.SECRET).decode() for spell in ECHOES.values())):
        assert leaks(error, spelling) == []
    for way in leaks(error, engines.SECRET[4:]):
        raise AssertionError(way)
    assert leaks(caplog.records, engines.SECRET) == []
    assert engines.SECRET not in caplog.text
    assert engine == "aiohttp" or "'[token]'" in caplog.text


def test_log_lines_of_others_are_left_alone(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """What the HTTP library logs for another client of the same program is as it always was, a token or not."""
    caplog.set_level(logging.DEBUG, logger="httpcore")
    sandbox.faults.add(Fault.answer(500, headers={"X-Echo": engines.SECRET}))
    with opened(Leap, engines.SECRET, base_url=sandbox.url, max_retries=0) as leap:
        raised_by(lambda: leap.images.list_all(MODEL))
    assert engines.SECRET not in caplog.text
    sandbox.faults.add(Fault.answer(500, headers={"X-Echo": engines.SECRET}))
    httpx.get(sandbox.url)
    assert engines.SECRET in caplog.text


def test_echo_is_told_as_far_as_it_can_be(sandbox: Sandbox) -> None:
    """What a server says beside the token stays as it is: status, words, headers, and the bytes of what is no JSON."""
    sandbox.faults.add(
        Fault.answer(401, body=ECHOES["JSON"](engines.SECRET), headers={"X-Echo": f"<{engines.SECRET}>"}),
        Fault.answer(502, body=gzip.compress(ECHOES["text"](engines.SECRET)), headers={"Content-Encoding": "gzip"}),
        Fault.json({"jobs": f"{engines.SECRET}!"}),
    )
    with opened(Leap, engines.SECRET, base_url=sandbox.url, max_retries=0) as leap:
        refused = raised_by(lambda: leap.images.list_all(MODEL))
        broken = raised_by(lambda: leap.images.list_all(MODEL))
        unread = raised_by(lambda: leap.images.list_all(MODEL))
    assert isinstance(refused, AuthenticationError)
    assert refused.message == "Who is [token]?"
    assert refused.headers["x-echo"] == "<[token]>"
    assert isinstance(broken, ApiError)
    assert broken.body == b"Who is [token]?"
    assert isinstance(unread, DecodeError)
    assert (unread.field, unread.reason) == ("", "should be an array, got an object")
    assert unread.response is not None
    assert unread.response.json() == {"jobs": "[token]!"}


def test_echo_in_a_field_is_not_passed_on(leap: Leap, sandbox: Sandbox) -> None:
    """A field that cannot be read says where it is, in which answer, and what kind of value came, but not the token."""
    sandbox.add_jobs(1, model_id=MODEL)
    (body,) = [job.to_dict() for job in leap.images.list_all(MODEL)]
    sandbox.faults.add(Fault.json([body, {**body, "seed": sandbox.token, "images": [{"id": [sandbox.token]}]}]))
    job = leap.images.list_all(MODEL)[1]
    path = f"/api/v1/images/models/{MODEL}/inferences"
    wrongs = {
        "[1].seed should be an integer, got a string like 'aaaaaaa-0a0a0a0a0a'": lambda: job.seed,
        "[1].images[0].id should be a string, got an array": lambda: job.images[0].id,
        "[1].images[0].uri is missing": lambda: job.images[0].uri,
    }
    for wrong, touch in wrongs.items():
        error = raised_by(touch)
        assert isinstance(error, DecodeError)
        assert str(error) == f"GET {path} answered 200, but {wrong}"
        assert error.response is not None
        assert error.response.json()[1]["seed"] == "[token]"
        assert leaks([error.args, vars(error)], sandbox.token) == []


def test_short_token_does_not_spoil_the_words_of_an_error(sandbox: Sandbox) -> None:
    """A token of a test, such as `t`, is not looked for within the words of an error."""
    sandbox.faults.add(Fault.answer(400), Fault.json({"message": "t is not a token"}, status=400))
    with opened(Leap, "t", base_url=sandbox.url) as leap:
        first = raised_by(lambda: leap.images.list_all(MODEL))
        second = raised_by(lambda: leap.images.list_all(MODEL))
    assert isinstance(first, ApiError)
    assert first.body == {"statusCode": 400, "message": "Bad Request"}
    assert isinstance(second, ApiError)
    assert second.message == "[token] is not a token"


# Answers that are no HTTP, and repeat the token all the same.
MALFORMED = {
    "status line": "HTTP/1.1 2x0 {}\r\n\r\n",
    "no status line": "{}\r\n\r\n",
    "header line": "HTTP/1.1 200 OK\r\n{}\r\n\r\n",
    "header name": "HTTP/1.1 200 OK\r\n{} x: y\r\n\r\n",
    "header value": "HTTP/1.1 200 OK\r\nx: {}\0\r\n\r\n",
    "length": "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
    "encoding": "HTTP/1.1 200 OK\r\ntransfer-encoding: {}\r\n\r\n",
    "chunk size": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}\r\n",
    "trailer": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n{}\r\n\r\n",
}


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Serve an answer as it is to every connection; give the address."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("place", MALFORMED)
@pytest.mark.parametrize("engine", ENGINES)
def test_malformed_echo_is_not_passed_on(caplog: pytest.LogCaptureFixture, engine: str, place: str) -> None:
    """The words of the HTTP library quote what is no HTTP, but not the token: in no error and in no log."""
    caplog.set_level(logging.DEBUG, logger="")
    kind, options = ENGINES[engine]
    answer = MALFORMED[place].format(f"Bearer {engines.SECRET}").encode()
    with (
        answering(answer) as url,
        opened(kind, engines.SECRET, base_url=url, max_retries=1, **options()) as leap,
    ):
        error = raised_by(lambda: leap.images.generate(MODEL, prompt=PROMPT))
        answers = [error] if isinstance(error, LeapError) else []
    assert answers or place == "trailer"
    for each in (*answers, caplog.records):
        assert leaks(each, engines.SECRET) == []
    assert engines.SECRET not in caplog.text


class SoftLimit(Exception):  # noqa: N818 - what task queues raise in a signal handler is called like this
    """The time of a task is up."""


def test_exception_of_a_signal_handler_does_not_show_the_token(sandbox: Sandbox) -> None:
    """What a task queue raises in the middle of a request has neither the frames of the HTTP library nor the token."""

    def up(*_: object) -> None:
        raise SoftLimit

    sandbox.faults.add(Fault.silent())
    main = threading.get_ident()
    before = signal.signal(signal.SIGUSR1, up)

    def send() -> None:
        assert sandbox.until(lambda: len(sandbox.requests) == 1)
        signal.pthread_kill(main, signal.SIGUSR1)

    thread = threading.Thread(target=send)
    try:
        with opened(Leap, engines.SECRET, base_url=sandbox.url) as leap:
            thread.start()
            error = raised_by(lambda: leap.images.generate(MODEL, prompt=PROMPT))
            thread.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert isinstance(error, SoftLimit)
    assert any("may have taken effect" in note for note in error.__notes__)
    assert leaks(error, engines.SECRET) == []
    files = {Path(frame.f_code.co_filename).parent.name for frame, _ in traceback.walk_tb(error.__traceback__)}
    assert files <= {"tests", "leap_client", "resources", "images", "contextlib.py"}


# Others.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", CALLS)
def test_redirect_does_not_carry_the_token_away(leap: Leap, sandbox: Sandbox, call: str, status: int) -> None:
    """No redirect is followed, to whatever host it leads; the error says where it would have led."""
    for target in (sandbox.elsewhere.url, f"{sandbox.url}/elsewhere", "ftp://example.com", "//"):
        sandbox.faults.add(Fault.redirect(target, status=status))
        with pytest.raises(ApiError, match=f"it redirects to {target}, and no redirect is followed"):
            CALLS[call](leap)
    assert sandbox.elsewhere.requests == []
    assert len(sandbox.requests) == 4


@pytest.mark.parametrize("kind", [Leap, AsyncLeap])
def test_eager_http_client_does_not_carry_the_token_away(kind: type[Leap | AsyncLeap], sandbox: Sandbox) -> None:
    """Nor is it followed by an httpx client that follows redirects; the client keeps nothing of the token."""
    http: Any = (httpx.Client if kind is Leap else httpx.AsyncClient)(follow_redirects=True, verify=False)
    with opened(kind, sandbox.token, base_url=sandbox.url, http_client=http) as leap:
        for call in CALLS.values():
            for target in (sandbox.elsewhere.url, f"{sandbox.url}/elsewhere"):
                sandbox.faults.add(Fault.redirect(target))
                error = raised_by(lambda call=call: call(leap))  # type: ignore[misc] # binds the variable of the loop
                assert isinstance(error, ApiError)
                assert leaks(error, sandbox.token) == []
        assert leaks(http, sandbox.token) == []
        release(leap, http)
    assert sandbox.elsewhere.requests == []


@pytest.mark.usefixtures("clock")
def test_images_are_fetched_without_the_token(leap: Leap, sandbox: Sandbox, tmp_path: Path) -> None:
    """The origin of the images, and wherever it redirects to, is sent no token."""
    job = leap.images.generate_and_wait(MODEL, prompt=PROMPT, width=64, height=64)
    sandbox.image_faults.add(Fault.redirect(f"{sandbox.elsewhere.url}/0.png"))
    with pytest.raises(LeapError):
        leap.images.download(job, tmp_path)
    leap.images.download(job, tmp_path)
    others = [*sandbox.image_requests, *sandbox.elsewhere.requests]
    assert len(others) == 3
    for request in others:
        assert "authorization" not in request.headers
        assert leaks(request, sandbox.token) == []
