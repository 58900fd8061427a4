"""What openapi.yaml says about a recording: whose operation it is, what call leads to it, what its answer means."""

import asyncio
import importlib
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_python_client.strings import snake_case

from recording import DIRECTORY, Recording, content
from spec import Operation, load
from spec.names import client_name, variable
from spec.security import security
from vendor import PACKAGE

DOCUMENT = load(DIRECTORY.parents[1] / "openapi.yaml")
OPENAPI = OpenAPI.from_dict(DOCUMENT.raw)
OPERATIONS = {operation.id: operation for operation in DOCUMENT.operations}
FIRST_ERROR = 400
TOKEN = "contract-5e0c8b41d7"

# The package, whatever it is called.
CLIENT = client_name(DOCUMENT)
SERVER_VARIABLE = variable(DOCUMENT, "BASE_URL")
SECURITY = security(DOCUMENT, "")
CREDENTIALS = {SECURITY.header.lower(): SECURITY.prefix + TOKEN} if SECURITY else {}


def module(name: str = "") -> Any:
    """Import a module of the package.

    Args:
        name: Its name within the package; the package itself by default.
    """
    return importlib.import_module(f"{PACKAGE.name}.{name}".rstrip("."))


def client(*, asynchronous: bool = False, **options: Any) -> Any:
    """Make a client of the package."""
    credentials = {"token": TOKEN} if SECURITY else {}
    return getattr(module(), f"Async{CLIENT}" if asynchronous else CLIENT)(**credentials, **options)


@dataclass(frozen=True)
class Case:
    """A recording and its place in the document.

    Args:
        path: The file of the recording.
    """

    path: Path

    def __str__(self) -> str:
        """Give the name of the operation and that of the case."""
        return f"{self.operation_id}/{self.path.stem}"

    @property
    def operation_id(self) -> str:
        """The operation that the recording is of."""
        return self.path.parent.name

    @cached_property
    def recording(self) -> Recording:
        """What the file holds, with the address that it would have today."""
        recording = Recording.read(self.path)
        return replace(recording, request={**recording.request, "url": at_server(recording.request["url"])})

    @property
    def operation(self) -> Operation:
        """The operation, as the document has it."""
        return OPERATIONS[self.operation_id]

    @property
    def status(self) -> int:
        """The status of the answer."""
        return int(self.recording.response["status"])

    @property
    def is_error(self) -> bool:
        """Whether the answer is no success."""
        return self.status >= FIRST_ERROR

    @property
    def body(self) -> Any:
        """The body of the answer; None if there is none, or none that is JSON."""
        return self.recording.response.get("json")

    @property
    def other_body(self) -> str | bytes | None:
        """The body of an answer that is not JSON: a text, or bytes; None if the document has no body for it."""
        if not self.operation.responses[self.response_key].content:
            return None
        message = self.recording.response
        return str(message["text"]) if "text" in message else content(message)

    # The document's side of it.

    @property
    def response_key(self) -> str:
        """The name of the answer in the document: its status, else the range of its status."""
        documented = self.operation.responses
        return str(self.status) if str(self.status) in documented else f"{self.status // 100}XX"

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of the answer; an empty one if the document has none."""
        content = self.operation.responses[self.response_key].content
        schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
        return schema

    @property
    def request(self) -> MockRequest:
        """The request as it goes to openapi-core: with a token, since the document asks for one."""
        message = self.recording.request
        url = urlsplit(message["url"])
        return MockRequest(
            f"{url.scheme}://{url.netloc}",
            message["method"],
            url.path,
            args=dict(parse_qsl(url.query, keep_blank_values=True)),
            headers={**CREDENTIALS, **message.get("headers", {})},
            data=content(message),
            content_type=_media_type(message),
        )

    @property
    def response(self) -> MockResponse:
        """The answer as it goes to openapi-core."""
        message = self.recording.response
        return MockResponse(content(message), self.status, message.get("headers"), _media_type(message))

    # The client's side of it.

    @property
    def tag(self) -> str:
        """The part of the client that the operation belongs to."""
        return snake_case(self.operation.tag)

    @property
    def method(self) -> str:
        """The name of the operation in the client."""
        return snake_case(self.operation_id)

    @property
    def module(self) -> Any:
        """The module of the operation's generated functions."""
        return module(f"api.{self.tag}.{self.method}")

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments for path, query and headers, as openapi-core reads them out of the request."""
        found = OPENAPI.unmarshal_request(self.request).parameters
        path = {name: unquote(value) for name, value in found.path.items()}
        return _named({**path, **found.query, **found.header})

    @property
    def fields(self) -> dict[str, Any]:
        """The arguments for the fields of the body."""
        message = self.recording.request
        kind = _media_type(message)
        parts = _parts(kind, content(message)) if kind.startswith("multipart/") else message.get("json", {})
        return _named(parts)

    @property
    def model(self) -> dict[str, Any]:
        """The argument for the body as a whole, if the operation has one."""
        if self.operation.request_body is None:
            return {}
        (media,) = self.operation.request_body.content.values()
        schema = media["schema"]
        return {"body": getattr(module("models"), schema_name(schema))(**self.fields)}


CASES = [Case(path) for path in sorted(DIRECTORY.glob("*/*.json"))]


class Clients:
    """Both clients, and the ways to make the call of a case; they stay open, since opening takes longer than a call."""

    def __init__(self) -> None:
        """Open them."""
        self._client = client(max_retries=0)
        self._async_client = client(asynchronous=True, max_retries=0)
        self._runner = asyncio.Runner()

    def close(self) -> None:
        """Close them."""
        self._client.close()
        self._runner.run(self._async_client.aclose())
        self._runner.close()

    def function(self, case: Case) -> Any:
        """Call the generated function."""
        return case.module.sync_detailed(client=self._client, **case.parameters, **case.model)

    def async_function(self, case: Case) -> Any:
        """Call the generated asynchronous function."""
        return self._runner.run(
            case.module.asyncio_detailed(client=self._async_client, **case.parameters, **case.model)
        )

    def facade(self, case: Case) -> Any:
        """Call the method of the client."""
        return getattr(getattr(self._client, case.tag), case.method)(**case.parameters, **case.fields)

    def async_facade(self, case: Case) -> Any:
        """Call the method of the asynchronous client."""
        part = getattr(self._async_client, case.tag)
        return self._runner.run(getattr(part, case.method)(**case.parameters, **case.fields))


def at_server(url: str) -> str:
    """Move a recorded address to the server of the document: what was recorded holds wherever the API is served.

    Args:
        url: The address.
    """
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    return url if url.startswith(DOCUMENT.server_url) else DOCUMENT.server_url + url.removeprefix(origin)


def how_to_record(operation_id: str, status: str) -> str:
    """Say which recording is missing, and what it is to hold.

    Args:
        operation_id: Its operation.
        status: The status or range of statuses that was to be recorded.
    """
    operation = OPERATIONS[operation_id]
    code = int(status.replace("X", "0"))
    url = DOCUMENT.server_url + operation.path
    return (
        f"tests/recordings/{operation_id}/ has no answer {status}. Add a file such as {code}.json there, "
        f'with "provenance" (kind and source), "request" (method {operation.method.upper()}, url {url} with the values '
        f'filled in, headers and json) and "response" (status such as {code}, headers and json)'
    )


def _parts(media_type: str, body: bytes) -> dict[str, Any]:
    """Read the parts of a form: files, and texts."""
    form = message_from_bytes(b"content-type: " + media_type.encode() + b"\r\n\r\n" + body)
    found: dict[str, Any] = {}
    for part in form.get_payload():
        assert isinstance(part, Message)
        name, payload = str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        file = module("types").File(BytesIO(payload), part.get_filename(), part.get_content_type())
        found[name] = file if part.get_filename() else payload.decode()
    return found


def schema_name(schema: dict[str, Any]) -> str:
    """Give the name of a schema, which is that of its class.

    Args:
        schema: The schema, or a reference to it.

    Returns:
        The last part of the reference, else the title.
    """
    name: str = schema["$ref"].rpartition("/")[2] if "$ref" in schema else schema["title"]
    return name


def _named(values: dict[str, Any]) -> dict[str, Any]:
    return {snake_case(name): value for name, value in values.items()}


def _media_type(message: dict[str, Any]) -> str:
    found: str = message.get("headers", {}).get("content-type", "")
    return found
