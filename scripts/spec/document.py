"""What a document says goes over the wire: references are resolved, and nothing is named in Python yet."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from .tree import SpecError, Steps, Tree, read

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@attrs.frozen
class Parameter:
    """A parameter of an operation, its own or its path's; `place` is where it goes, such as `query`."""

    name: str
    place: str
    required: bool
    description: str
    schema: Mapping[str, Any]
    examples: Mapping[str, Any]
    raw: Mapping[str, Any]


@attrs.frozen
class RequestBody:
    """The body of a request; `content` has the media type objects by name."""

    required: bool
    description: str
    content: Mapping[str, Mapping[str, Any]]


@attrs.frozen
class Response:
    """A documented response; its status is a code, a range such as `4XX`, or `default`."""

    status: str
    description: str
    content: Mapping[str, Mapping[str, Any]]
    headers: Mapping[str, Mapping[str, Any]]
    links: Mapping[str, Mapping[str, Any]]
    is_error: bool
    raw: Mapping[str, Any]


@attrs.frozen
class Wait:
    """The rule `x-wait`: poll an operation until the property `state` is one of `success` or `failure`.

    `pending` has the states of a job that goes on, if the document lists them.
    """

    method: str
    state: str
    success: tuple[str, ...]
    failure: tuple[str, ...]
    pending: tuple[str, ...]


@attrs.frozen
class Pagination:
    """The rule `x-pagination`: the parameters that walk the pages, and the property that tells items apart."""

    method: str
    page: str
    size: str
    key: str


@attrs.frozen
class Callback:
    """A request that the service sends; `schema` is that of its JSON body, references not followed."""

    name: str
    method: str
    description: str
    schema: Mapping[str, Any]


@attrs.frozen
class Operation:
    """An operation; `steps` leads to it in the document."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    deprecated: bool
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: Mapping[str, Response]
    security: tuple[tuple[str, ...], ...]
    wait: Wait | None
    pagination: Pagination | None
    callbacks: tuple[Callback, ...]
    raw: Mapping[str, Any]
    steps: Steps

    @property
    def successes(self) -> tuple[Response, ...]:
        """The responses that are none of error."""
        return tuple(response for response in self.responses.values() if not response.is_error)

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types in which successes come."""
        return tuple(dict.fromkeys(name for response in self.successes for name in response.content))


class Document:
    """A document. What is read from it is right only if `spec.check` finds nothing.

    Args:
        tree: The places of the document and their lines.
        name: What messages call its file.
    """

    def __init__(self, tree: Tree, name: str = "openapi.yaml") -> None:
        self.tree = tree
        self.name = name
        self.raw: dict[str, Any] = tree.root

    def line(self, steps: Steps) -> int:
        """Give the line of a place, or of the nearest place above it that is written down."""
        return self.tree.line(steps)

    def error(self, steps: Steps, problem: str) -> SpecError:
        """Make the error of a place, with its line."""
        return SpecError(f"{self.name}:{self.line(steps)}: {problem}")

    def resolve(self, node: Any) -> Any:
        """Follow a `$ref` within the document, if the node is one.

        Raises:
            SpecError: It leads nowhere, or back to itself.
        """
        seen: set[str] = set()
        while isinstance(node, Mapping) and "$ref" in node:
            ref = str(node["$ref"])
            target = self.tree.look_up(ref)
            if ref in seen or target is None:
                line = self.line(self.tree.steps_of(node))
                raise SpecError(f"{self.name}:{line}: `{ref}` {'leads back to itself' if target else 'does not exist'}")
            seen.add(ref)
            node = target
        return node

    @cached_property
    def title(self) -> str:
        """The title of the API."""
        return str(self.raw["info"]["title"])

    @cached_property
    def version(self) -> str:
        """The version of the document, which is that of the package."""
        return str(self.raw["info"]["version"])

    @cached_property
    def server_url(self) -> str:
        """The address of the first server, its variables filled in with their defaults; empty if there is none."""
        server = (self.raw.get("servers") or [{}])[0]
        url = str(server.get("url", ""))
        for name, variable in server.get("variables", {}).items():
            url = url.replace(f"{{{name}}}", str(variable["default"]))
        return url.rstrip("/")

    @cached_property
    def schemas(self) -> Mapping[str, dict[str, Any]]:
        """The component schemas by name."""
        return dict(self.raw.get("components", {}).get("schemas", {}))

    @cached_property
    def security_schemes(self) -> Mapping[str, dict[str, Any]]:
        """The security schemes by name, references resolved."""
        schemes = self.raw.get("components", {}).get("securitySchemes", {})
        return {name: self.resolve(scheme) for name, scheme in schemes.items()}

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document; what callbacks send is not among them."""
        return tuple(
            self._operation(path, item, method)
            for path, item in self.raw.get("paths", {}).items()
            for method in self.resolve(item)
            if method in METHODS
        )

    def _operation(self, path: str, item: dict[str, Any], method: str) -> Operation:
        item = self.resolve(item)
        raw = item[method]
        responses = {str(status): self.resolve(response) for status, response in raw.get("responses", {}).items()}
        pagination = raw.get("x-pagination")
        return Operation(
            id=raw.get("operationId", ""),
            method=method,
            path=path,
            tag=(raw.get("tags") or ["default"])[0],
            summary=raw.get("summary", ""),
            description=raw.get("description", ""),
            deprecated=bool(raw.get("deprecated")),
            parameters=tuple(self._parameters(raw, item)),
            request_body=self._request_body(raw),
            responses={status: _response(status, response, responses) for status, response in responses.items()},
            security=tuple(tuple(need) for need in raw.get("security", self.raw.get("security", []))),
            wait=_wait(raw["x-wait"]) if "x-wait" in raw else None,
            pagination=pagination and Pagination(**pagination),
            callbacks=tuple(self._callbacks(raw)),
            raw=raw,
            steps=("paths", path, method),
        )

    def _parameters(self, *owners: dict[str, Any]) -> Iterator[Parameter]:
        """List the parameters of an operation; its own hide those of its path."""
        found: dict[tuple[str, str], Parameter] = {}
        for raw in (self.resolve(each) for owner in owners for each in owner.get("parameters", [])):
            schema = self.resolve(raw.get("schema", {}))
            found.setdefault(
                (raw["name"], raw["in"]),
                Parameter(
                    name=raw["name"],
                    place=raw["in"],
                    required=bool(raw.get("required")),
                    description=raw.get("description") or schema.get("description", ""),
                    schema=schema,
                    examples={name: self.resolve(each) for name, each in raw.get("examples", {}).items()},
                    raw=raw,
                ),
            )
        yield from found.values()

    def _request_body(self, operation: dict[str, Any]) -> RequestBody | None:
        raw = self.resolve(operation.get("requestBody"))
        return raw and RequestBody(bool(raw.get("required")), raw.get("description", ""), raw.get("content", {}))

    def _callbacks(self, operation: dict[str, Any]) -> Iterator[Callback]:
        for name, callback in operation.get("callbacks", {}).items():
            for item in self.resolve(callback).values():
                for method in (each for each in METHODS if each in item):
                    body = self.resolve(item[method].get("requestBody", {}))
                    schema = body.get("content", {}).get("application/json", {}).get("schema", {})
                    yield Callback(name, method, item[method].get("description", ""), schema)


def _wait(rule: dict[str, Any]) -> Wait:
    states = (tuple(rule.get(key, ())) for key in ("success", "failure", "pending"))
    return Wait(rule["method"], rule["state"], *states)


def _response(status: str, raw: dict[str, Any], siblings: Mapping[str, Any]) -> Response:
    return Response(
        status=status,
        description=raw.get("description", ""),
        content=raw.get("content", {}),
        headers=raw.get("headers", {}),
        links=raw.get("links", {}),
        is_error=is_error(status, siblings),
        raw=raw,
    )


def is_error(status: str, siblings: Mapping[Any, Any]) -> bool:
    """Tell whether a response is an error; `default` is one as soon as a success is documented beside it."""
    if status == "default":
        return any(str(other).startswith("2") for other in siblings)
    return status[:1] in {"3", "4", "5"}


def load(path: Path, name: str = "") -> Document:
    """Read a document from a YAML or JSON file, without checking it; `name` is what messages call the file.

    Raises:
        SpecError: The file cannot be read, or is not YAML; the message has the line.
    """
    return Document(read(path, name or path.name), name or path.name)


def parse(text: str, name: str = "openapi.yaml") -> Document:
    """Read a document from a text; see `load`.

    Raises:
        SpecError: The text is not YAML.
    """
    return Document(Tree(text, name), name)
