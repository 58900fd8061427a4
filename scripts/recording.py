"""A recording: one request to the API and the answer to it, as a file for people to read.

    {
      "provenance": {
        "kind": "observed",
        "source": "the body of an answer of 2023-02-10, received by an application",
        "assumed": ["/request/json", "/response/status"]
      },
      "request": {"method": "POST", "url": "https://…", "headers": {"content-type": "application/json"}, "json": {…}},
      "response": {"status": 201, "headers": {"content-type": "application/json"}, "json": {…}}
    }

`kind` is one of `KINDS`, with the meanings that openapi.yaml gives them; `assumed`, which may be left out, points to
the parts that are less sure than that. A body stands under `json`, under `text` if it is not JSON, or under `base64` if
it is not UTF-8 either; where there is none of them, there was no body. Headers that are not in `HEADERS` are left out,
so that no token or cookie gets into a file, and secrets in addresses are redacted.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.request import Request

from redaction import redact
from spec import load

DIRECTORY = Path(__file__).parents[1] / "tests" / "recordings"
KINDS = ("observed", "documented", "assumed")
DOCUMENT = load(DIRECTORY.parents[1] / "openapi.yaml")
OPERATIONS = DOCUMENT.operations
PARAMETERS = {each.name.lower() for operation in OPERATIONS for each in operation.parameters if each.place == "header"}
# All others stay out of the files: a list of what to leave out would never be complete.
HEADERS = ("content-type", "retry-after", *sorted(PARAMETERS))


@dataclass(frozen=True)
class Recording:
    """One request and the answer to it, in the form of a file."""

    provenance: dict[str, Any]
    request: dict[str, Any]
    response: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; a ValueError says that it is not a recording."""
        try:
            return cls(**json.loads(path.read_text("utf-8")))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path} is not a recording: {error}") from error

    def write(self, path: Path) -> None:
        """Write a file, in the one form that a recording has; its folder is made if need be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")


class Persister:
    """Lets vcrpy read and write recordings; its own files hold bodies as escaped text, and any header.

    The provenance is what vcrpy calls the metadata of a cassette.
    """

    @staticmethod
    def load_cassette(cassette_path: str, serializer: object) -> tuple[list[Request], list[dict[str, Any]], Any]:
        """Give vcrpy the request, the response and the metadata of a file; it waits for the error if there is none."""
        del serializer
        path = Path(cassette_path)
        if not path.exists():
            raise CassetteNotFoundError(path)
        recording = Recording.read(path)
        sent, answer = recording.request, recording.response
        request = Request(sent["method"], sent["url"], content(sent), sent.get("headers", {}))
        response = {
            "status": {"code": answer["status"], "message": ""},
            "headers": {name: [value] for name, value in answer.get("headers", {}).items()},
            "body": {"string": content(answer)},
        }
        return [request], [response], recording.provenance

    @staticmethod
    def save_cassette(cassette_path: str, cassette_dict: dict[str, Any], serializer: object) -> None:
        """Write what vcrpy has recorded."""
        del serializer
        [request], [response] = cassette_dict["requests"], cassette_dict["responses"]
        headers = {name: ", ".join(values) for name, values in response["headers"].items()}
        answer = {"status": response["status"]["code"], **_from_content(headers, response["body"]["string"])}
        Recording(cassette_dict["metadata"], from_request(request), answer).write(Path(cassette_path))


def from_request(request: Request) -> dict[str, Any]:
    """Describe a request of vcrpy as a recording does."""
    return {"method": request.method, "url": request.uri, **_from_content(request.headers, request.body)}


def _from_content(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    kept = {name.lower(): value for name, value in headers.items() if name.lower() in HEADERS}
    # The boundary of the parts of a form is another one each time.
    kind, _, boundary = kept.get("content-type", "").partition("; boundary=")
    if boundary:
        kept["content-type"], body = f"{kind}; boundary=part", body.replace(boundary.encode(), b"part")
    message = {"headers": kept} if kept else {}
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {**message, "base64": b64encode(body).decode("ascii")}
    if "json" in kept.get("content-type", ""):
        try:
            return {**message, "json": redact(json.loads(text))}
        except ValueError:
            pass  # it says that it is JSON and is not, which is worth a recording
    return {**message, "text": redact(text)} if text else message


def content(message: Mapping[str, Any]) -> bytes:
    """Give the body of a recorded request or response as it is on the wire; empty if there is none."""
    if "json" in message:
        return json.dumps(message["json"]).encode()
    if "base64" in message:
        return b64decode(message["base64"])
    return str(message.get("text", "")).encode()
