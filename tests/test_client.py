"""A client does what its options say, never changes them behind anybody's back, and says so when it is closed."""

import inspect
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import leap_client
from clients import opened
from contract import DOCUMENT
from engines import SECRET, Mirror, close
from leaks import leaks
from leap_client import AsyncLeap, Leap, PublicModel
from leap_client.errors import LeapError
from leap_client.models import InferenceImageEntity
from rig import Sandbox

MODEL = PublicModel.SDXL
TOKEN = "token-0123456789"
URL = DOCUMENT.server_url

every_kind = pytest.mark.parametrize("kind", [Leap, AsyncLeap])
Kind = type[Leap | AsyncLeap]


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing come from the environment that the test has not put there."""
    for name in ("LEAP_API_KEY", "LEAP_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def mirror() -> Mirror:
    """Return a transport that keeps what it is asked."""
    return Mirror()


# The token.

GIVE = "pass `token=...` or set the variable LEAP_API_KEY"
STRIP = "holds a line break, as text read from a file often does; strip it"
COPY = "holds white space or characters outside ASCII; copy it again"
UNUSABLE: dict[str, tuple[Any, str]] = {
    "empty": ("", f"is empty; {GIVE}"),
    "blank": ("   ", COPY),
    "line break at its end": ("secret-0123456789\n", STRIP),
    "several lines": ("secret\n0123456789", STRIP),
    "prefix": ("Bearer secret-0123456789", "begins with `Bearer`; leave that out, the client adds it"),
    "quotes": ("'secret-0123456789'", "is in quotes; leave them out"),
    "quotation marks of a text": ("“secret-0123456789”", COPY),
    "zero": ("secret\0-0123456789", COPY),
    "bytes": (b"secret-0123456789", "must be a string, got bytes"),
    "number": (123456789, "must be a string, got int"),
}


@every_kind
def test_missing_token_is_said_at_once(kind: Kind) -> None:
    """A client without a token is not made; the error names the argument and the variable."""
    with pytest.raises(LeapError) as raised:
        kind()
    assert str(raised.value) == f"no API token; {GIVE}"


@every_kind
@pytest.mark.parametrize("case", UNUSABLE)
def test_unusable_token_is_said_at_once(kind: Kind, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """A token that cannot be sent is refused where it is given: the error says which one and what to do."""
    token, fault = UNUSABLE[case]
    with pytest.raises(LeapError) as raised:
        kind(token)
    assert str(raised.value) == f"the API token {fault}"
    with pytest.raises(LeapError) as raised:
        kind(TOKEN).with_options(token=token)
    assert str(raised.value) == f"the API token {fault}"
    if isinstance(token, str) and "\0" not in token:
        monkeypatch.setenv("LEAP_API_KEY", token)
        with pytest.raises(LeapError) as raised:
            kind()
        assert str(raised.value) == f"the API token in LEAP_API_KEY {fault}"


@every_kind
def test_token_comes_from_the_argument_or_the_variable(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, mirror: Mirror
) -> None:
    """The argument wins over the variable; a copy may have a token of its own."""
    monkeypatch.setenv("LEAP_API_KEY", "from-the-variable")
    with opened(kind, transport=mirror) as leap:
        leap.images.list_all(MODEL)
        leap.with_options(token="of-the-copy").images.list_all(MODEL)
        leap.images.list_all(MODEL)
    with opened(kind, "from-the-argument", transport=mirror) as leap:
        leap.images.list_all(MODEL)
    assert [request.headers["authorization"] for request in mirror.seen] == [
        "Bearer from-the-variable",
        "Bearer of-the-copy",
        "Bearer from-the-variable",
        "Bearer from-the-argument",
    ]


# The address.


@every_kind
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, URL),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com/proxy/leap//", "https://example.com/proxy/leap"),
        ("https://[::1]:8000/a%20b", "https://[::1]:8000/a%20b"),
    ],
)
def test_base_url(
    kind: Kind, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, given: str | None, expected: str
) -> None:
    """The address of the API is the argument, else the variable, else the document's; a path in it is kept."""
    with opened(kind, TOKEN, base_url=given, transport=mirror) as leap:
        leap.images.list_all("m")
        assert leap.base_url == expected
    with opened(kind, TOKEN, transport=mirror) as leap:
        leap.with_options(base_url=given or URL).images.list_all("m")
        leap.images.list_all("m")
    if given:
        monkeypatch.setenv("LEAP_BASE_URL", given)
    with opened(kind, TOKEN, transport=mirror) as leap:
        leap.images.list_all("m")
    path = "/api/v1/images/models/m/inferences"
    asked = [str(request.url) for request in mirror.seen]
    assert asked == [expected + path, expected + path, URL + path, expected + path]


@every_kind
@pytest.mark.parametrize(
    "url",
    [
        "api.tryleap.ai",
        "ftp://example.com",
        "https://",
        "https://example.com?",
        "https://example.com/?a=b",
        "https://example.com#",
        "https://example.com ",
        "https://user:pa55word@example.com",
        "http://example.com:99999999",
        "http://[::1",
        "/path",
    ],
)
def test_impossible_base_url_is_refused(kind: Kind, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """What cannot be the address of an API is refused where it is given, without showing a password in it."""
    with pytest.raises(ValueError, match=r"^base_url must be like https://host/path") as raised:
        kind(TOKEN, base_url=url)
    assert "pa55word" not in str(raised.value)
    assert "URL(" not in str(raised.value)
    with pytest.raises(ValueError, match=r"^base_url must be like https://host/path"):
        kind(TOKEN).with_options(base_url=url)
    monkeypatch.setenv("LEAP_BASE_URL", url)
    with pytest.raises(ValueError, match=r"^LEAP_BASE_URL must be like https://host/path"):
        kind(TOKEN)


# Headers.


def test_requests_say_what_sends_them(leap: Leap, sandbox: Sandbox) -> None:
    """Every request names the package and its version, and goes out as JSON for JSON."""
    leap.images.generate(MODEL, prompt="A photo")
    headers = sandbox.requests[0].headers
    assert headers["user-agent"] == f"leap-client/{leap_client.__version__}"
    assert headers["content-type"] == headers["accept"] == "application/json"


@every_kind
def test_headers_of_the_caller(kind: Kind, mirror: Mirror) -> None:
    """Headers are sent with every request, once whatever their case, and the caller's own dict stays as it was."""
    given = {"X-Trace": "1", "USER-AGENT": "mine", "accept-encoding": "identity"}
    before = dict(given)
    with opened(kind, TOKEN, headers=given, transport=mirror) as leap:
        leap.images.list_all(MODEL)
        given["X-Trace"] = "2"
        more = {"x-trace": "3", "X-More": "4"}
        copy = leap.with_options(headers=more)
        copy.images.list_all(MODEL)
        leap.images.list_all(MODEL)
        assert more == {"x-trace": "3", "X-More": "4"}
    assert given == {**before, "X-Trace": "2"}
    first, second, third = ([(name.lower(), value) for name, value in each.headers.raw] for each in mirror.seen)
    assert first == third
    for headers, trace in ((first, b"1"), (second, b"3")):
        assert headers.count((b"x-trace", trace)) == 1
        assert headers.count((b"user-agent", b"mine")) == 1
        assert headers.count((b"accept-encoding", b"identity")) == 1
        assert len({name for name, _ in headers}) == len(headers)
    assert (b"x-more", b"4") in second
    assert b"x-more" not in dict(first)


@every_kind
@pytest.mark.parametrize(
    ("headers", "error"),
    [
        pytest.param({"X-A": "1\r\nX-B: 2"}, ValueError, id="line break"),
        pytest.param({"X-A\n": "1"}, ValueError, id="line break in a name"),
        pytest.param({"X-A": 1}, TypeError, id="number"),
        pytest.param({1: "a"}, TypeError, id="number for a name"),
    ],
)
def test_impossible_header_is_refused(kind: Kind, headers: Any, error: type[Exception]) -> None:
    """A header that could not be sent, or that would be two, is refused where it is given."""
    with pytest.raises(error, match=r"^the header "):
        kind(TOKEN, headers=headers)
    with pytest.raises(error, match=r"^the header "):
        kind(TOKEN).with_options(headers=headers)


@every_kind
@pytest.mark.parametrize("retries", [-1, 1.5, True, "2", None])
def test_impossible_number_of_retries_is_refused(kind: Kind, retries: Any) -> None:
    """max_retries is a whole number from 0 up."""
    with pytest.raises(ValueError, match=f"^max_retries must be a whole number from 0 up, got {retries!r}$"):
        kind(TOKEN, max_retries=retries)


@every_kind
def test_unknown_option_is_refused(kind: Kind) -> None:
    """A misspelt option is a TypeError, at construction and in a copy."""
    with pytest.raises(TypeError, match="retries"):
        kind(TOKEN, retries=3)  # type: ignore[call-arg] # that is what is tested
    with pytest.raises(TypeError, match="retries"):
        kind(TOKEN).with_options(retries=3)  # type: ignore[call-arg] # as above


@every_kind
def test_copy_leaves_the_original_alone(kind: Kind, mirror: Mirror) -> None:
    """with_options changes a copy; the original is what it was, whatever the copy is told."""
    with opened(kind, TOKEN, transport=mirror) as leap:
        said = repr(leap), leap.base_url, leap.timeout, leap.max_retries
        copy = leap.with_options(
            token="other-0123456789",
            base_url="https://example.com/x",
            timeout=1,
            max_retries=9,
            headers={"X-Copy": "1"},
            transport=None,
        )
        assert (copy.base_url, copy.timeout, copy.max_retries) == ("https://example.com/x", httpx.Timeout(1), 9)
        assert said == (repr(leap), leap.base_url, leap.timeout, leap.max_retries)
        leap.images.list_all(MODEL)
    assert str(mirror.seen[0].url).startswith(URL)
    assert mirror.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert "x-copy" not in mirror.seen[0].headers


class Named(Leap):
    """A client with an attribute of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(TOKEN)
        self.name = name


def test_copy_is_of_the_same_kind() -> None:
    """A copy of a client of another class is of that class, and has what that class has added."""
    copy = Named("x").with_options(max_retries=0)
    assert isinstance(copy, Named)
    assert copy.name == "x"


# Closed clients.


@every_kind
def test_closed_client_says_so(kind: Kind, sandbox: Sandbox, tmp_path: Path) -> None:
    """A call of a closed client, or of a copy of one, says that it is closed; nothing is sent."""
    with opened(kind, sandbox.token, base_url=sandbox.url) as leap:
        copy = leap.with_options(timeout=9)
        images = leap.images
        leap.images.list_all(MODEL)
        close(leap)
        close(leap)  # twice does no harm
        message = f"this {kind.__name__} is closed; make a new one, or keep its `with` block open while you use it"
        for closed in (leap.images, copy.images, leap.with_options(timeout=1).images, images):
            with pytest.raises(RuntimeError, match=f"^{re.escape(message)}$"):
                closed.list_all(MODEL)
            for fetch in (closed.read, lambda image, images=closed: images.download(image, tmp_path)):
                with pytest.raises(RuntimeError, match=f"^{re.escape(message)}$"):
                    fetch(InferenceImageEntity(id="1", uri=sandbox.images.url, created_at=datetime.now(UTC)))
    assert len(sandbox.requests) == 1
    assert not sandbox.image_requests


@every_kind
def test_closed_copy_leaves_the_original_open(kind: Kind, sandbox: Sandbox) -> None:
    """Closing a copy closes that copy alone."""
    with opened(kind, sandbox.token, base_url=sandbox.url) as leap:
        copy = leap.with_options(timeout=9)
        other = leap.with_options(timeout=8)
        copy.images.list_all(MODEL)
        close(copy)
        with pytest.raises(RuntimeError, match="is closed"):
            copy.images.list_all(MODEL)
        assert leap.images.list_all(MODEL) == other.images.list_all(MODEL) == []


def test_copies_of_copies_do_not_pile_up() -> None:
    """A client whose options are changed for ever goes on working, and holds no other client than the first one's."""
    mirror = Mirror()
    with Leap(TOKEN, transport=mirror) as leap:
        copy = leap
        for number in range(2000):
            copy = copy.with_options(token=f"token-{number:010}")
        assert copy.images.list_all(MODEL) == []
    assert mirror.seen[0].headers["authorization"] == "Bearer token-0000001999"


@pytest.mark.parametrize("headers", [{"x y": "1"}, {"": "1"}, {"x": "é"}, {"x": "\x7f"}, {"x:": "1"}], ids=repr)
def test_header_that_cannot_be_sent_is_refused_at_once(headers: dict[str, str]) -> None:
    """A header that HTTP does not allow is an error where it is given, not at the first call."""
    with pytest.raises(ValueError, match="cannot be sent"):
        Leap(TOKEN, headers=headers)


# What is easily mistaken.


@every_kind
@pytest.mark.parametrize("name", ["api_key", "auth_token"])
def test_token_under_another_name_is_refused_by_the_right_one(kind: Any, name: str) -> None:
    """Who gives the token as other clients call it is told its name here; no variable of ours shows it."""
    with pytest.raises(TypeError, match=f"takes the API token as `token`, not as `{name}`") as raised:
        kind(**{name: SECRET})
    assert leaks(raised.value, SECRET) == []
    with pytest.raises(TypeError, match="unexpected keyword argument 'tokne'"):
        kind(tokne="any")
    assert "token" in inspect.signature(kind).parameters


@every_kind
@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/gateway/api/v1", "/api/v1/images"])
def test_path_that_the_client_adds_is_no_part_of_base_url(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """What every path begins with would be asked for twice, so it is refused with the address to give instead."""
    url, better = f"https://example.com{path}", f"https://example.com{path.partition('/api')[0]}"
    message = f"which the client adds by itself; give '{better}'$"
    with pytest.raises(ValueError, match=message):
        kind(TOKEN, base_url=url)
    with pytest.raises(ValueError, match=message):
        kind(TOKEN).with_options(base_url=url)
    monkeypatch.setenv("LEAP_BASE_URL", url)
    with pytest.raises(ValueError, match=message):
        kind(TOKEN)
    assert kind(TOKEN, base_url="https://example.com/api").base_url == "https://example.com/api"
