"""The templates are general: other APIs' documents become packages that import, work and pass mypy --strict."""

import asyncio
import json
import re
import subprocess
import sys
import warnings
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from support.packages import Echo, importable, load, render

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.yaml"))
pytestmark = [
    pytest.mark.usefixtures("packages"),
    pytest.mark.filterwarnings("ignore:.* may be dropped by the service:DeprecationWarning"),
]
AT_ONCE = {"Retry-After": "0"}
LOAN = "5f3a7c9e-9d55-4f0e-8a5e-0d1c2b3a4f5e"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Generate the packages of all documents beside each other, and make them importable."""
    root = tmp_path_factory.mktemp("packages")
    for document in DOCUMENTS:
        render(document, root)
    with importable(root):
        yield root


@pytest.fixture
def echo() -> Iterator[Echo]:
    """Run an echo."""
    with Echo().running() as running:
        yield running


def test_packages_pass_mypy_strict(packages: Path) -> None:
    """What the templates make of any document passes `mypy --strict` as it is."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-version=3.11"]
    names = [argument for document in DOCUMENTS for argument in ("-p", f"{document.stem}_client")]
    done = subprocess.run([*command, *names], cwd=packages, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("Success"), done.stdout


def test_parameters_travel_where_they_belong(echo: Echo) -> None:
    """Path, query, header and cookie parameters arrive in their places, escaped, under the names of the document."""
    library = load("library")
    kind = load("library", ".models").ListBooksClass
    echo.answers([])
    with library.TownLibrary("k3y", base_url=echo.url) as client:
        books = client.books.list_books(
            7,
            kind("a/b"),
            page=2,
            per_page=10,
            from_=date(2020, 1, 2),
            changed=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
            tag=["x", "y z"],
            available=True,
            x_trace="t",
            x_depth=3,
            visits=4,
            timeout_=9,
        )
    assert books == []
    assert echo.path == (
        "/shelves/7/books/a%2Fb?page=2&per+page=10&from=2020-01-02"
        "&changed=2020-01-02T03%3A04%3A05%2B00%3A00&tag=x&tag=y+z&available=true&timeout=9"
    )
    assert (echo.headers["x-api-key"], echo.headers["x-trace"], echo.headers["x-depth"]) == ("k3y", "t", "3")
    assert echo.headers["cookie"] == "visits=4"


def test_what_is_deprecated_is_warned_of_where_it_is_used(echo: Echo) -> None:
    """A deprecated operation, argument or field warns the line that uses it, and is marked for editors and readers."""
    library = load("library")
    with library.TownLibrary("k3y", base_url=echo.url) as client:
        echo.answers({"id": LOAN, "date": "2020-01-02"})
        with pytest.warns(DeprecationWarning, match="^`loans_returns.import_` is deprecated") as caught:
            loan = client.loans_returns.import_(UUID(LOAN))
        client.loans_returns.import_(loan, item="cover")  # a name that stands beside the object in a signature
        assert echo.path == f"/loans/{LOAN}?item=cover"
        echo.answers([])
        with pytest.warns(
            DeprecationWarning, match="^the argument `visits` of `books.list_books` is deprecated"
        ) as more:
            client.books.list_books(7, "in", visits=4)
        assert {each.filename for each in (*caught, *more)} == {__file__}
        with warnings.catch_warnings(action="error"):
            client.books.list_books(7, "in", visits=None)
        echo.answers({"isbn": "1-2"})
        with pytest.warns(DeprecationWarning, match="^the argument `grade` of `books.add_book`"):
            client.books.add_book(isbn="1-2", title="T", state="in", cover=None, grade=1)

        async def asynchronously() -> None:
            async with library.AsyncTownLibrary("k3y", base_url=echo.url) as other:
                await other.books.list_books(7, "in", visits=4)

        echo.answers([])
        with pytest.warns(DeprecationWarning, match="visits") as caught:
            asyncio.run(asynchronously())
        assert caught[0].filename == __file__
        method = type(client.loans_returns).import_
    assert method.__deprecated__
    assert "Deprecated: the service may drop it." in method.__doc__
    assert "visits (int, optional): Deprecated." in client.books.list_books.__doc__


BOOK = {
    "isbn": "1-2",
    "title": "T",
    "state": "on order",
    "cover": None,
    "grade": 7,
    "weight": 0.3,
    "parts": [{"isbn": "1-3", "title": "U", "state": "lost", "cover": "hard"}],
    "published": "1999-12-31",
    "added": None,
    "pages": None,
    "self": {"isbn": "1-4", "title": "V", "state": "class", "cover": "soft"},
    "size": {"width": 1.5},
    "matrix": [[1, 2], []],
    "None": True,
    "d": "d",
    "print": "p",
}


def test_models_read_and_write_what_they_describe() -> None:
    """Recursive, inherited, nullable, nested and awkwardly named properties come back from a model as they went in."""
    book = load("library", ".models").Book.from_dict(BOOK)
    assert book.to_dict() == BOOK
    assert (book.cover, book.parts[0].cover.value, book.size.width, book.self_.state.value) == (
        None,
        "hard",
        1.5,
        "class",
    )
    book.state = "out"
    book.grade = 1
    assert (book.to_dict()["state"], book.to_dict()["grade"]) == ("out", 1)
    loan = {"id": LOAN, "book": BOOK, "due": "2024-01-01T00:00:00+00:00", "reader": {"name": "R"}, "fine": 3}
    read = load("library", ".models").Loan.from_dict(loan)
    assert (read.id, read["fine"], read.reader.name, read.to_dict()) == (UUID(LOAN), 3, "R", loan)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        pytest.param("isbn", 5, "isbn should be a string, got 5", id="inherited"),
        pytest.param("title", None, "title should be a string, got None", id="null where none may be"),
        pytest.param("size", [], "size should be one of", id="union"),
        pytest.param("matrix", [[1], [2, "x"]], "matrix[1][1] should be an integer, got 'x'", id="nested list"),
        pytest.param("parts", [{"isbn": "1"}], "parts[0].title is missing", id="recursion"),
        pytest.param("added", "soon", "added should be a date and time, got 'soon'", id="nullable moment"),
    ],
)
def test_misread_field_is_named(place: str, value: Any, message: str) -> None:
    """A value of the wrong type is a DecodeError that names the place in the body."""
    errors = load("library", ".errors")
    with pytest.raises(errors.DecodeError) as caught:
        load("library", ".models").Book.from_dict({**BOOK, place: value}, strict=True)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"isbn": "ab"}, "isbn must have a length of at least 3, got 'ab'", id="minLength"),
        pytest.param({"isbn": "abc"}, "isbn must match ^[0-9-]+$, got 'abc'", id="pattern"),
        pytest.param({"weight": 0}, "weight must be more than 0, got 0", id="exclusiveMinimum"),
        pytest.param({"weight": 0.35}, "weight must be a multiple of 0.1, got 0.35", id="multipleOf"),
        pytest.param({"parts": []}, "parts must not be empty, got []", id="minItems"),
    ],
)
def test_constraints_hold_before_sending(change: dict[str, Any], message: str) -> None:
    """A constraint of the document, inherited ones too, is checked in the words of the field."""
    models = load("library", ".models")
    arguments = {"isbn": "1-2", "title": "T", "state": models.BookState.IN, "cover": None}
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        models.Book(**{**arguments, **change})


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        pytest.param(201, BOOK, "Book", id="first"),
        pytest.param(202, {"ticket": LOAN}, "AddBookResponse202", id="second"),
        pytest.param(204, None, "NoneType", id="without a body"),
    ],
)
def test_answer_is_read_by_its_status(echo: Echo, status: int, body: Any, expected: str) -> None:
    """Where successes differ by status, each is read into its own type."""
    library = load("library")
    models = load("library", ".models")
    echo.answer = (status, "application/json", b"" if body is None else json.dumps(body).encode())
    with library.TownLibrary("k", base_url=echo.url) as client:
        answer = client.books.add_book(isbn="1-2", title="T", state=models.BookState.IN, cover=None)
    assert type(answer).__name__ == expected
    assert json.loads(echo.body) == {"isbn": "1-2", "title": "T", "state": "in", "cover": None}


def test_forms_files_and_raw_bodies(echo: Echo) -> None:
    """Bodies of every kind arrive as their media type has it, and text and bytes come back as they are."""
    package = load("files")
    types = load("files", ".types")
    with package.Files3rdEdition(base_url=echo.url) as client:
        echo.answer = (200, "text/plain", b"verstanden")
        assert client.default.post_forms(name="a b", count=2) == "verstanden"
        assert (echo.headers["content-type"], echo.body) == ("application/x-www-form-urlencoded", b"name=a+b&count=2")

        echo.answer = (204, "text/plain", b"")
        client.default.put_files(file=types.File(BytesIO(b"\x00--+++\x01"), "x.bin", "application/x"), note="n")
        assert echo.headers["content-type"].startswith("multipart/form-data; boundary=")
        assert b"\x00--+++\x01" in echo.body
        assert b'filename="x.bin"' in echo.body

        with pytest.raises(TypeError, match="extra_body can be added to a JSON object only"):
            client.default.post_forms(name="a b", count=2, extra_body={"x": 1})

        echo.answer = (200, "application/octet-stream", b"\xff\x00")
        assert client.default.get_files(name="n").payload.read() == b"\xff\x00"

        echo.answers({"size": 3})
        assert client.default.post_raw(body=types.File(BytesIO(b"abc"))).size == 3
        assert (echo.headers["content-type"], echo.body) == ("application/octet-stream", b"abc")


def test_file_is_sent_again_from_its_beginning() -> None:
    """A file that was refused for the moment is sent a second time as it was the first time, also asynchronously."""
    package = load("files")
    types = load("files", ".types")
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, json={"size": 3}) if len(sent) % 2 == 0 else httpx.Response(429, headers=AT_ONCE)

    with package.Files3rdEdition(base_url="https://example.com", transport=httpx.MockTransport(answer)) as client:
        client.default.post_raw(body=types.File(BytesIO(b"abc")))

    async def main() -> None:
        transport = httpx.MockTransport(answer)
        async with package.AsyncFiles3rdEdition(base_url="https://example.com", transport=transport) as client:
            await client.default.post_raw(body=types.File(BytesIO(b"abc")))

    asyncio.run(main())
    assert sent == [b"abc"] * 4


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(5, int, id="integer"),
        pytest.param("word", str, id="string"),
        pytest.param("2020-01-01T00:00:00Z", datetime, id="moment"),
        pytest.param({"text": "t"}, object, id="model"),
    ],
)
def test_either_body_and_any_answer(echo: Echo, answer: Any, kind: type) -> None:
    """An answer of several types is read as the first that fits, and defaults of the document are sent."""
    package = load("files")
    note = load("files", ".models").Note
    echo.answers(answer)
    with package.Files3rdEdition(base_url=echo.url) as client:
        assert isinstance(client.default.post_either(body=note(text="t")), kind)
    assert json.loads(echo.body)["stars"] == 3


def test_formats_hold_before_sending() -> None:
    """A number keeps within its bits, and an address may be of a kind that has no host."""
    script = load("renders", ".models").ShootScript
    for rights in ("urn:isbn:1", "mailto:a@example.com", "https://example.com"):
        assert script(scenes=["one"], rights=rights, timeout=-(2**31)).rights == rights
    with pytest.raises(ValueError, match=r"^rights must be an address"):
        script(scenes=["one"], rights="example.com:80/x")
    with pytest.raises(ValueError, match=r"^timeout must fit into 32 bits"):
        script(scenes=["one"], timeout=2**31)


def test_images_may_be_null(echo: Echo, tmp_path: Path) -> None:
    """Images that are documented to be null until there are some hinder neither a wait nor a download."""
    studio = load("renders")
    errors = load("renders", ".errors")
    film = {"id": "i", "name": "m", "step": "released", "stills": None}
    echo.answers(film)
    with studio.FilmStudio("t", base_url=echo.url) as client:
        made = client.films.wait_for("m")
        assert (made.stills, made.to_dict()) == (None, film)
        assert client.films.save_stills(made, tmp_path) == []
        echo.answers({**film, "step": "script"})
        with pytest.raises(errors.FilmStudioError):
            client.films.save_stills(client.films.watch("m"), tmp_path)


def test_closed_object_is_given_back_as_it_came() -> None:
    """What a document does not allow in an object is no field of it, and is in its JSON all the same."""
    rating = {"stars": 4, "by": {"name": "R"}}
    read = load("renders", ".models").Rating.from_dict(rating)
    assert (read.to_dict(), hasattr(read, "by")) == (rating, False)
    read.stars = 5
    assert read.to_dict() == {**rating, "stars": 5}


def test_helpers_follow_the_rules_of_the_document(echo: Echo, tmp_path: Path) -> None:
    """Waiting, links, callbacks, downloads and named values come from the extensions, whatever they are called."""
    studio = load("renders")
    film = {"id": "i", "name": "m", "step": "released", "stills": [{"id": "s", "href": f"{echo.url}/7.gif"}]}
    echo.answers(film)
    with studio.FilmStudio("t", base_url=echo.url) as client:
        assert client.films.wait_for(studio.FamousFilm.METROPOLIS).phase == "released"
        assert echo.path == "/films/m-1927"
        script = load("renders", ".models").ShootScript(scenes=["one"], timeout=5)
        made = client.films.shoot_and_wait_for(body=script)
        echo.answer = (200, "text/html", b"GIF89a\0;")
        assert client.films.save_stills(made, tmp_path) == [tmp_path / "i-7.gif"]
    assert "authorization" not in echo.headers
    webhooks = load("renders", ".webhooks")
    assert webhooks.parse_done(film).name == "m"
    assert webhooks.parse_rating(b'{"stars": 4}').stars == 4


@pytest.mark.parametrize(
    ("method", "answer", "expected"),
    [
        pytest.param("picture", ("image/png", b"\x89PNG"), b"\x89PNG", id="picture"),
        pytest.param("anything", ("application/x-unheard-of", b"\xff"), b"\xff", id="without a schema"),
        pytest.param("words", ("text/plain; charset=utf-8", "ä".encode()), "ä", id="text"),
        pytest.param("lines", ("application/x-ndjson", b"{}\n{}\n"), "{}\n{}\n", id="lines of JSON"),
        pytest.param("several", ("application/json", b'{"kind": "Dog", "name": "R"}'), "Dog", id="of several kinds"),
    ],
)
def test_answer_is_read_by_its_media_type(echo: Echo, method: str, answer: tuple[str, bytes], expected: Any) -> None:
    """Pictures and the like are bytes, text is text, and of several media types one is asked for, JSON first."""
    echo.answer = (200, *answer)
    with load("answers").Answers("t", base_url=echo.url) as client:
        read = getattr(client.answers, method)()
    if hasattr(read, "payload"):
        read = read.payload.read()
    assert (type(read).__name__ if method == "several" else read) == expected
    assert echo.headers["accept"] == answer[0]


@pytest.mark.parametrize(("status", "body"), [(200, {"kind": "Dog", "name": "R"}), (201, 7), (203, "word")])
def test_a_code_comes_before_its_range(echo: Echo, status: int, body: Any) -> None:
    """A status that is documented by itself is not read as its range, and `default` beside a success is an error."""
    echo.answers(body, status)
    with load("answers").Answers("t", base_url=echo.url, max_retries=0) as client:
        answer = client.answers.ranges()
        assert (answer.to_dict() if status == 200 else answer) == body
        echo.answers({}, 418)
        with pytest.raises(load("answers", ".errors").ApiError):
            client.answers.ranges()


def test_discriminator_decides(echo: Echo) -> None:
    """Of the variants of a union, the one that the discriminator names is read, whatever else would fit."""
    models, errors = load("answers", ".models"), load("answers", ".errors")
    echo.answers([{"kind": "Dog", "name": "R"}, {"kind": "feline", "name": "T"}, {"kind": "feline", "name": 5}])
    with load("answers").Answers("t", base_url=echo.url) as client:
        assert [type(pet) for pet in client.answers.pets()] == [models.Dog, models.Cat, models.Cat]
        echo.answers([{"kind": "Bird", "name": "B"}])
        with pytest.raises(errors.DecodeError, match="should be one of Cat, Dog"):
            client.answers.pets()


def test_what_only_one_side_sends_is_not_demanded_of_the_other(echo: Echo) -> None:
    """What is `readOnly` is no argument, and what is `writeOnly` need not be in an answer."""
    echo.answers({"id": 1, "name": "n"})
    with load("answers").Answers("t", base_url=echo.url) as client:
        account = client.answers.open_(name="n", password="p")
        with pytest.raises(TypeError):
            client.answers.open_(name="n", password="p", id=2)
    assert json.loads(echo.body) == {"name": "n", "password": "p"}
    assert (account.id, load("answers", ".models").Account.from_dict(account.to_dict(), strict=True)) == (1, account)


def test_token_goes_where_it_is_asked_for(echo: Echo) -> None:
    """An operation without security gets no token; that of OAuth is a bearer token, and a path behind `$ref` works."""
    echo.answers({"id": 1, "name": "n"})

    async def ask() -> None:
        async with load("answers").AsyncAnswers("t", base_url=echo.url) as client:
            await client.answers.open_(name="n")

    with load("answers").Answers("t", base_url=echo.url) as client:
        client.answers.open_(name="n")
        assert "authorization" not in echo.headers
        asyncio.run(ask())
        assert "authorization" not in echo.headers
        client.answers.get_called_name("a b")
    assert (echo.path, echo.headers["authorization"]) == ("/called/a%20b", "Bearer t")


def test_shop_of_well_known_shapes(echo: Echo) -> None:
    """A schema called like its tag, several bodies, a nested list and a picture work as they are described."""
    shop, models = load("shop"), load("shop", ".models")
    echo.answers({"id": 5, "name": "Rex", "parent": {"name": "Max"}}, 201)
    with shop.CornerShop("t", base_url=echo.url) as client:
        assert client.pet.add_pet(body=models.Pet(name="Rex")).parent.name == "Max"
        assert (echo.headers["accept"], echo.body) == ("application/json", b'{"name":"Rex"}')
        client.pet.add_pet(body=models.Label(text="a b"))
        assert (echo.headers["content-type"], echo.body) == ("application/x-www-form-urlencoded", b"text=a+b")
        with pytest.raises(TypeError, match=r"^body must be of the type Pet \| Label"):
            client.pet.add_pet(body="Rex")
        echo.answers([["X", "."]])
        assert client.board.put_square(1, 3, body=models.Mark.X) == [["X", "."]]
        assert (echo.path, echo.body) == ("/board/1/3", b'"X"')
        echo.answer = (200, "image/png", b"\x89PNG")
        assert client.ticket.ticket_code(UUID(LOAN), idempotency_key="i").payload.read() == b"\x89PNG"
        assert (echo.headers["idempotency-key"], "authorization" in echo.headers) == ("i", False)


def test_basic_authentication_is_carried(echo: Echo) -> None:
    """The token of HTTP basic is the Base64 of the name and the password, and a public operation is not sent it."""
    museum, models = load("museum"), load("museum", ".models")
    token = b64encode(b"desk:s\xc3\xa9same").decode()
    event = {"title": "T", "dates": ["2024-02-29"], "price": 7.5}
    with pytest.raises(load("museum", ".errors").CastleMuseumError, match="begins with `Basic`; leave that out"):
        museum.CastleMuseum(f"basic {token}")
    echo.answers({"id": LOAN, **event, "room": "old_hall"}, 201)
    with museum.CastleMuseum(token, base_url=echo.url) as client:
        planned = client.events.plan_event(title="T", dates=[date(2024, 2, 29)], price=7.5)
        assert (echo.headers["authorization"], json.loads(echo.body)) == (f"Basic {token}", event)
        assert (planned.id, planned.room) == (UUID(LOAN), models.EventRoom.OLD_HALL)
        day = {"date": "2024-02-29", "opens": "10:00", "closes": "18:00"}
        echo.answers([{**day, "season": season} for season in ("winter", "spring")])
        winter, spring = client.opening_hours.list_opening_hours(from_=date(2024, 2, 29))
        assert (winter.season, spring.season) == (models.DaySeason.WINTER, "spring")
        assert (echo.path, "authorization" in echo.headers) == ("/opening-hours?from=2024-02-29", False)


def test_values_are_told_apart_as_in_json(caplog: pytest.LogCaptureFixture) -> None:
    """No reader takes true for 1, and none gives a value of one enum as that of another."""
    models = load("museum", ".models")
    day = {"date": "2024-02-29", "opens": "10:00", "closes": "18:00", "season": "winter"}
    read = models.Day.from_dict({**day, "visitors": 1, "shown": "empty", "sold": "empty"})
    assert [type(read.visitors), type(read.shown), type(read.sold)] == [
        models.DayVisitors,
        models.ShowCase,
        models.Showcase,
    ]
    assert not caplog.records
    odd = models.Day.from_dict({**day, "visitors": True})
    with pytest.raises(load("museum", ".errors").DecodeError, match="should be an integer, got true or false"):
        _ = odd.visitors


def test_document_without_objects(echo: Echo) -> None:
    """A document that describes no object becomes a package all the same."""
    echo.answers([1, 2])
    with load("nothing").Ping(base_url=echo.url) as client:
        assert client.ping.post_ping(body=[1, 2]) == [1, 2]
    assert json.loads(echo.body) == [1, 2]
