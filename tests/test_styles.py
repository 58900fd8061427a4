"""What a caller gives goes over the wire as the styles of OpenAPI say, whatever its type and its place."""

import email
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from support.packages import Echo, importable, load, render

DAY = date(2024, 2, 29)
MOMENT = datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC)
ID = UUID("5f3a7c9e-9d55-4f0e-8a5e-0d1c2b3a4f5e")


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Import the package of styles.yaml."""
    root = tmp_path_factory.mktemp("styles")
    render(Path(__file__).parent / "documents" / "styles.yaml", root, "wire")
    with importable(root):
        yield load("wire")


@pytest.fixture(scope="module")
def server() -> Iterator[Echo]:
    """Run a server that keeps what it was sent, and answers nothing."""
    with Echo().running() as echo:
        echo.answer = (204, "text/plain", b"")
        yield echo


@pytest.fixture
def client(styles: ModuleType, server: Echo) -> Iterator[Any]:
    """Open a client of the server."""
    with styles.Styles(base_url=server.url) as client:
        yield client.styles


def point(styles: ModuleType) -> Any:
    """Make an object."""
    return styles.models.Point(x=1, y=2.5)


def test_path(styles: ModuleType, server: Echo, client: Any) -> None:
    """In a path, every type is written in the style `simple`, and what it holds is escaped."""
    both = point(styles), point(styles)
    colour = styles.models.Colour.DARK_BLUE
    client.in_path("a/b,c", True, 2.5, DAY, MOMENT, ID, colour, ["a,b", "/"], [DAY, DAY], *both)  # noqa: FBT003 - as it is
    assert server.path.split("/")[2:] == [
        "a%2Fb%2Cc",
        "true",
        "2.5",
        "2024-02-29",
        "2024-02-29T01%3A02%3A03%2B00%3A00",
        str(ID),
        "dark%20blue",
        "a%2Cb,%2F",
        "2024-02-29,2024-02-29",
        "x,1,y,2.5",
        "x=1,y=2.5",
    ]


@pytest.mark.parametrize(
    ("given", "pairs"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"text": "a b&c"}, [("text", "a b&c")], id="text"),
        pytest.param({"text": ""}, [("text", "")], id="empty text"),
        pytest.param({"flag": False}, [("flag", "false")], id="boolean"),
        pytest.param({"number": 2.5}, [("number", "2.5")], id="number"),
        pytest.param({"day": DAY}, [("day", "2024-02-29")], id="date"),
        pytest.param({"moment": MOMENT}, [("moment", "2024-02-29T01:02:03+00:00")], id="moment"),
        pytest.param({"uuid": ID}, [("uuid", str(ID))], id="uuid"),
        pytest.param({"colour": "unheard of"}, [("colour", "unheard of")], id="enum"),
        pytest.param({"list_": ["a", "b,c"]}, [("list", "a"), ("list", "b,c")], id="list"),
        pytest.param({"list_": []}, [], id="empty list"),
        pytest.param({"days": [DAY]}, [("days", "2024-02-29")], id="list of dates"),
        pytest.param({"flags": [True, False]}, [("flags", "true"), ("flags", "false")], id="list of booleans"),
        pytest.param({"point": "point"}, [("x", "1"), ("y", "2.5")], id="object"),
        pytest.param({"either": True}, [("either", "true")], id="one of two types"),
        pytest.param({"either": [1, 2]}, [("either", "1"), ("either", "2")], id="the other of two types"),
        pytest.param({"nobody": None}, [], id="null"),
        pytest.param({"commas": [1, 2]}, [("commas", "1,2")], id="joined by commas"),
        pytest.param({"spaces": ["a", "b"]}, [("spaces", "a b")], id="joined by spaces"),
        pytest.param({"pipes": ["a", "b c"]}, [("pipes", "a|b c")], id="joined by pipes"),
        pytest.param({"flat": "point"}, [("flat", "x,1,y,2.5")], id="object that is not exploded"),
        pytest.param({"deep": "point"}, [("deep[x]", "1"), ("deep[y]", "2.5")], id="deepObject"),
    ],
)
def test_query(
    styles: ModuleType, server: Echo, client: Any, given: dict[str, Any], pairs: list[tuple[str, str]]
) -> None:
    """In a query, lists and objects are spread over several pairs, unless their style says otherwise."""
    client.in_query(**{name: point(styles) if value == "point" else value for name, value in given.items()})
    assert parse_qsl(urlsplit(server.path).query, keep_blank_values=True) == pairs


def test_header(styles: ModuleType, server: Echo, client: Any) -> None:
    """In a header, every type is written in the style `simple`; nothing is sent for null."""
    client.in_header(
        x_text="a, b",
        x_flag=True,
        x_number=7,
        x_day=DAY,
        x_moment=MOMENT,
        x_uuid=ID,
        x_colour=styles.models.Colour.RED,
        x_list=[1, 2],
        x_point=point(styles),
        x_spread=point(styles),
        x_nobody=None,
    )
    assert {name: value for name, value in server.headers.items() if name.startswith("x-")} == {
        "x-text": "a, b",
        "x-flag": "true",
        "x-number": "7",
        "x-day": "2024-02-29",
        "x-moment": "2024-02-29T01:02:03+00:00",
        "x-uuid": str(ID),
        "x-colour": "red",
        "x-list": "1,2",
        "x-point": "x,1,y,2.5",
        "x-spread": "x=1,y=2.5",
    }
    client.in_header(x_text="")
    assert server.headers["x-text"] == ""


def test_cookie(styles: ModuleType, server: Echo, client: Any) -> None:
    """In a cookie, every type is written in the style `form`; nothing is sent for null."""
    client.in_cookie(
        text="a",
        flag=False,
        number=7,
        moment=MOMENT,
        uuid=ID,
        colour=styles.models.Colour.RED,
        list_=[1, 2],
        point=point(styles),
        nobody=None,
    )
    assert server.headers["cookie"].split("; ") == [
        "text=a",
        "flag=false",
        "number=7",
        "moment=2024-02-29T01:02:03+00:00",
        f"uuid={ID}",
        "colour=red",
        "list=1,2",
        "point=x,1,y,2.5",
    ]
    client.in_cookie(text="")
    assert server.headers["cookie"] == "text="


FIELDS = {
    "text": "a&b",
    "flag": True,
    "number": 2.5,
    "day": DAY,
    "moment": MOMENT,
    "uuid": ID,
    "colour": "red",
    "list_": ["a", "b"],
    "flags": [True, False],
    "none": None,
}
WRITTEN = [
    ("text", "a&b"),
    ("flag", "true"),
    ("number", "2.5"),
    ("day", "2024-02-29"),
    ("moment", "2024-02-29T01:02:03+00:00"),
    ("uuid", str(ID)),
    ("colour", "red"),
    ("list", "a"),
    ("list", "b"),
    ("flags", "true"),
    ("flags", "false"),
]


def test_form(server: Echo, client: Any) -> None:
    """In a form, a list has a field for each item, and there is none for null and for what nobody gave."""
    client.as_form(**FIELDS)
    assert sorted(parse_qsl(server.body.decode(), keep_blank_values=True)) == sorted(WRITTEN)


def parts_of(server: Echo) -> list[tuple[str, str | None, str, bytes]]:
    """Read the parts of a form: names, names of files, media types and contents."""
    head = f"content-type: {server.headers['content-type']}\r\n\r\n".encode()
    found = []
    for part in email.message_from_bytes(head + server.body).get_payload():
        assert isinstance(part, email.message.Message)
        name, content = str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append((name, part.get_filename(), part.get_content_type(), content))
    return found


def test_parts(styles: ModuleType, server: Echo, client: Any, tmp_path: Path) -> None:
    """In a form with parts, files have names and media types, objects are JSON, and there is no part for null."""
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG")
    named = styles.types.File(io.BytesIO(b"f"), "other.txt", "text/x-log")
    with path.open("rb") as opened:
        more = [b"bytes", opened, named]
        client.as_parts(file=path, more=more, point=point(styles), points=[point(styles)] * 2, **FIELDS)
    parts = parts_of(server)
    json = b'{"x": 1, "y": 2.5}'
    assert [part for part in parts if part[0] in {"file", "more", "point", "points"}] == [
        ("file", "photo.png", "image/png", b"\x89PNG"),
        ("more", "upload", "application/octet-stream", b"bytes"),
        ("more", "photo.png", "image/png", b"\x89PNG"),
        ("more", "other.txt", "text/x-log", b"f"),
        ("point", None, "application/json", json),
        ("points", None, "application/json", json),
        ("points", None, "application/json", json),
    ]
    texts = [(name, content.decode()) for name, _, kind, content in parts if kind == "text/plain"]
    assert sorted(texts) == sorted(WRITTEN)


def test_raw_body(styles: ModuleType, server: Echo, client: Any, tmp_path: Path) -> None:
    """A body that is a file is an open file, bytes, a path or a `File`, and is left out if nobody gave it."""
    (tmp_path / "x.png").write_bytes(b"abc")
    for body in (b"abc", tmp_path / "x.png", io.BytesIO(b"abc"), styles.types.File(io.BytesIO(b"abc"))):
        client.as_bytes(body=body)
        assert (server.headers["content-type"], server.body) == ("image/png", b"abc")
    client.as_bytes()
    assert ("content-type" in server.headers, server.body) == (False, b"")


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        pytest.param("in_query", {"commas": ["1,2"]}, "commas must not hold ',' within", id="separator"),
        pytest.param("in_query", {"list_": [{}]}, "list must be text, a number", id="no text"),
        pytest.param("in_header", {"x_text": "a\r\nb: c"}, "X-Text must be printable", id="header"),
        pytest.param("in_cookie", {"text": "a; b=c"}, "text must be ASCII", id="cookie"),
        pytest.param("as_bytes", {"body": "x.png"}, "body must be bytes, the pathlib", id="path as text"),
        pytest.param("as_bytes", {"body": io.StringIO("x")}, "body must be bytes, the", id="text mode"),
        pytest.param("as_parts", {"file": "x.png"}, "file must be bytes, the pathlib", id="part as text"),
    ],
)
def test_what_cannot_be_written_is_refused(
    server: Echo, client: Any, method: str, arguments: dict[str, Any], message: str
) -> None:
    """What would arrive as something else is refused by its name, and nothing is sent."""
    server.path = "nothing"
    with pytest.raises((TypeError, ValueError), match=message):
        getattr(client, method)(**arguments)
    assert server.path == "nothing"
