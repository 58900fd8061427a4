"""The client, openapi.yaml and what the API really answered say the same.

The cases are the files `tests/recordings/<operationId>/<case>.json`, of the form that `scripts/recording.py` describes.
Nothing here knows a single case, so another file is another test. To replay them, vcrpy stands in for the transports of
httpx, through which the client sends all its requests; nothing reaches the network.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from dateutil.parser import isoparse
from openapi_core.exceptions import OpenAPIError
from openapi_python_client.strings import snake_case
from vcr.cassette import Cassette
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.request import Request

from contract import (
    CASES,
    CREDENTIALS,
    DOCUMENT,
    OPENAPI,
    OPERATIONS,
    SERVER_VARIABLE,
    TOKEN,
    Case,
    Clients,
    at_server,
    how_to_record,
    module,
    schema_name,
)
from recording import DIRECTORY, HEADERS, KINDS, Persister, from_request
from redaction import credentials

errors, types = module("errors"), module("types")
DETAILED = ["function", "async_function"]
every_way = pytest.mark.parametrize("way", [*DETAILED, "facade", "async_facade"])
every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_success = pytest.mark.parametrize("case", [case for case in CASES if not case.is_error], ids=str)
every_error = pytest.mark.parametrize("case", [case for case in CASES if case.is_error], ids=str)

# The tree of the package's errors as it is promised; any other status is an ApiError, or a ServerError from 500 up.
ERRORS = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    402: errors.PaymentRequiredError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    422: errors.BadRequestError,
    429: errors.RateLimitError,
}


# The recordings.


def test_every_operation_has_recordings_and_they_have_no_other() -> None:
    """The folders of the recordings are the operations of openapi.yaml, neither more nor fewer."""
    folders = {path.name for path in DIRECTORY.iterdir()}
    missing = [
        how_to_record(name, next(iter(OPERATIONS[name].responses))) for name in OPERATIONS if name not in folders
    ]
    assert not missing, "\n".join(missing)
    assert not folders - set(OPERATIONS), "rename or remove these folders: openapi.yaml has no operation of their names"


def test_every_documented_status_has_a_recording_and_every_recording_a_documented_status() -> None:
    """Each status and range of statuses that openapi.yaml has for an operation is recorded, and no others are."""
    documented = [(name, status) for name, operation in OPERATIONS.items() for status in operation.responses]
    recorded = {(case.operation_id, case.response_key) for case in CASES}
    missing = [how_to_record(*each) for each in documented if each not in recorded]
    assert not missing, "\n".join(missing)
    assert recorded <= set(documented)


def test_every_file_is_a_case() -> None:
    """No file lies among the recordings without being tested."""
    assert {path for path in DIRECTORY.rglob("*") if path.is_file()} == {case.path for case in CASES}


@every_case
def test_recording_says_where_it_is_from(case: Case) -> None:
    """Every recording tells how sure it is, from where it is, and which of its parts are less sure than that."""
    provenance = dict(case.recording.provenance)
    parts = {"request": case.recording.request, "response": case.recording.response}
    assert provenance.pop("kind") in KINDS
    assert provenance.pop("source")
    for pointer in provenance.pop("assumed", []):
        assert find(parts, pointer) is not None
    assert not provenance


@every_case
def test_recording_holds_no_credential(case: Case) -> None:
    """No recording holds a token or anything that looks like one, and no header but the harmless ones."""
    assert not list(credentials(case.path.read_text("utf-8")))
    for message in (case.recording.request, case.recording.response):
        assert set(message.get("headers", {})) <= set(HEADERS)


@every_case
def test_recording_survives_vcrpy(case: Case, tmp_path: Path) -> None:
    """A recording is read by vcrpy and written as it was, byte for byte, the provenance included."""
    requests, responses, metadata = Persister.load_cassette(str(case.path), None)
    copy = tmp_path / "copy.json"
    Persister.save_cassette(str(copy), {"requests": requests, "responses": responses, "metadata": metadata}, None)
    assert copy.read_text("utf-8") == case.path.read_text("utf-8")


@every_case
def test_recording_fits_the_document(case: Case) -> None:
    """Every recorded request and every recorded answer is what openapi.yaml allows."""
    try:
        OPENAPI.validate_request(case.request)
        OPENAPI.validate_response(case.request, case.response)
    except OpenAPIError as error:
        error.add_note(f"Correct openapi.yaml; or if the API is another now, put a new recording for {case.path}.")
        raise


# The replay, by pytest-recording's fixtures.


class Moved(Persister):
    """Lets vcrpy read recordings as if they had been made at the server of the document."""

    @staticmethod
    def load_cassette(cassette_path: str, serializer: object) -> tuple[list[Request], list[dict[str, Any]], Any]:
        """Give vcrpy what a file holds."""
        requests, responses, metadata = Persister.load_cassette(cassette_path, serializer)
        for request in requests:
            request.uri = at_server(request.uri)
        return requests, responses, metadata


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    """Replay from the recordings."""
    return str(DIRECTORY)


@pytest.fixture
def default_cassette_name(case: Case) -> str:
    """Replay the recording of the case."""
    return str(case)


@pytest.fixture
def vcr_config(sent: list[Request]) -> dict[str, Any]:
    """Replay only: whatever --record-mode says, recordings are made by `make record`, which looks for tokens."""

    def note(request: Request) -> Request:
        sent.append(request)
        return request

    return {
        "record_mode": "none",
        "serializer": "json",  # names the files; what they hold is the persister's
        "persister": Moved,  # pytest-recording's own cannot take a provenance
        "match_on": ["method", "uri"],
        "before_record_request": note,
    }


@pytest.fixture
def sent() -> list[Request]:
    """Hold the request that the client sends, once for every time that vcrpy looks at it."""
    return []


@pytest.fixture(scope="module")
def clients() -> Iterator[Clients]:
    """Hold clients that ask the server of openapi.yaml, whatever the environment says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(SERVER_VARIABLE, raising=False)
        clients = Clients()
    yield clients
    clients.close()


def ask(clients: Clients, way: str, case: Case) -> Any:
    """Make the call that the recorded request stands for, in one of the ways."""
    return getattr(clients, way)(case)


@pytest.mark.vcr
@every_way
@every_case
def test_call_sends_the_recorded_request(
    clients: Clients, way: str, case: Case, sent: list[Request], vcr: Cassette
) -> None:
    """A call sends exactly the recorded request, once, and proves with the token who sends it."""
    with suppress(errors.ApiError):
        ask(clients, way, case)
    assert vcr.play_count == 1
    assert spelled(from_request(sent[-1])) == spelled(case.recording.request)
    headers = {name.lower(): value for name, value in sent[-1].headers.items()}
    assert headers.items() >= CREDENTIALS.items()


@pytest.mark.vcr
@every_way
@every_success
def test_call_returns_what_the_answer_says(clients: Clients, way: str, case: Case) -> None:
    """A call returns an object of the documented class, with everything that the body says in it."""
    answer = ask(clients, way, case)
    parsed = answer.parsed if isinstance(answer, types.Response) else answer
    if not case.schema:
        found = parsed.payload.read() if isinstance(parsed, types.File) else parsed
        assert found == case.other_body
        return
    assert_reads(parsed, case.body, case.schema)
    items, bodies = (parsed, case.body) if isinstance(parsed, list) else ([parsed], [case.body])
    for item, body in zip(items, bodies, strict=True):
        if isinstance(body, dict):
            assert item.to_dict() == body
            assert type(item).from_dict(body, strict=True) == item


@pytest.mark.vcr
@pytest.mark.parametrize("way", DETAILED)
@every_success
def test_detailed_call_tells_the_status(clients: Clients, way: str, case: Case) -> None:
    """A detailed call tells which of the successes it was."""
    assert ask(clients, way, case).status_code == case.status


@pytest.mark.vcr
@every_way
@every_error
def test_call_raises_what_the_answer_says(clients: Clients, way: str, case: Case) -> None:
    """A refused call raises the class of the error tree, which tells all but the token: what, where and why."""
    with pytest.raises(errors.ApiError) as raised:
        ask(clients, way, case)
    error = raised.value
    words = (case.body or {}).get("message", [])
    assert type(error) is ERRORS.get(case.status, errors.ServerError if case.status >= 500 else errors.ApiError)
    assert error.status_code == case.status
    assert error.message == "; ".join([words] if isinstance(words, str) else words)
    assert error.body == (b"" if case.body is None else case.body)
    assert f"{case.recording.request['method']} {case.request.path} answered {case.status}" in str(error)
    assert TOKEN not in f"{error} {error!r} {vars(error)} {error.request.headers}"


@pytest.mark.vcr
@pytest.mark.parametrize("case", CASES[:1], ids=str)
def test_what_is_not_recorded_is_not_sent(clients: Clients, case: Case) -> None:
    """A request that is not that of the recording is refused, and goes nowhere."""
    (method, url), others = addressed(case), [each for each in CASES if addressed(each) != addressed(case)]
    assert others, f"all recordings are of {method} {url}"
    with pytest.raises(CannotOverwriteExistingCassetteException):
        clients.facade(others[0])


@every_success
def test_value_outside_of_a_documented_enum_is_read(case: Case) -> None:
    """A value that openapi.yaml does not know is read as it is: the vendor's own sample contradicts the vendor's enum.

    It cannot be a recording: openapi.yaml has the values that are documented, and a recording must fit openapi.yaml.
    """
    schema = DOCUMENT.resolve(case.schema).get("items", case.schema)
    fields = {name: DOCUMENT.resolve(field) for name, field in DOCUMENT.properties(schema).items()}
    enums = [name for name, field in fields.items() if "enum" in field and field["type"] == "string"]
    for name, body in product(enums, case.body if isinstance(case.body, list) else [case.body]):
        read = getattr(module("models"), schema_name(schema)).from_dict({**body, name: "superResolution"}, strict=True)
        value = getattr(read, snake_case(name))
        assert isinstance(value, module("_enums").OpenStrEnum)
        assert value == read.to_dict()[name] == "superResolution"


# How things are compared.


def addressed(case: Case) -> tuple[str, str]:
    """Tell what a request is matched by."""
    return case.recording.request["method"], case.recording.request["url"]


def assert_reads(value: Any, body: Any, schema: dict[str, Any]) -> None:
    """Check that an object of the client holds what a body says, in the types that the schema names."""
    resolved = DOCUMENT.resolve(schema)
    if isinstance(body, list):
        for item, part in zip(value, body, strict=True):
            assert_reads(item, part, resolved["items"])
    elif isinstance(body, dict):
        assert type(value).__name__ == schema_name(schema)
        for name, part in body.items():
            if name in resolved["properties"]:
                assert_reads(getattr(value, snake_case(name)), part, resolved["properties"][name])
            else:
                assert value[name] == part
        for name, rule in resolved.get("x-first-of", {}).items():
            assert getattr(value, name) == next(body[key] for key in rule["of"] if key in body)
    elif "date-time" in (resolved.get("format"), resolved.get("x-reads-as")):
        assert isinstance(value, datetime)
        assert value == isoparse(body)
    else:
        assert value == body


def spelled(value: Any) -> str:
    """Spell JSON in one way, instants included, so that 7 and 7.0 differ but 08:08Z and 08:08+00:00 do not."""
    return json.dumps(respelled(value), indent=1, sort_keys=True)


def respelled(value: Any) -> Any:
    """Replace each string that is an instant by one spelling of that instant."""
    if isinstance(value, dict):
        return {name: respelled(part) for name, part in value.items()}
    if isinstance(value, list):
        return [respelled(part) for part in value]
    with suppress(ValueError):
        if isinstance(value, str) and value[10:11] in {" ", "T", "t"}:
            return isoparse(value.upper()).astimezone(UTC).isoformat()
    return value


def find(value: Any, pointer: str) -> Any:
    """Follow a JSON pointer."""
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    return value
