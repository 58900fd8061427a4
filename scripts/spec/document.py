"""What a document says goes over the wire: references are resolved, and nothing is named in Python yet."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attrs

from .media import preferred
from .places import Place, places
from .source import Source, SpecError, Steps, pointer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@attrs.frozen
class Parameter:
    """A parameter of an operation, its own or its path's; `place` is where it goes, such as `query`."""

    name: str
    place: str
    description: str
    schema: Mapping[str, Any]
    examples: Mapping[str, Any]
    raw: Mapping[str, Any]


@attrs.frozen
class Message:
    """A request or a response; `content` has the media type objects of its body by name."""

    description: str
    content: Mapping[str, Mapping[str, Any]]
    links: Mapping[str, Mapping[str, Any]]
    is_error: bool


@attrs.frozen
class Wait:
    """The rule `x-wait`: poll an operation until the property `state` is one of `success` or `failure`.

    `pending` has the states of a job that goes on, if the document lists them. `watch` is the method that tells of each
    change on the way, if there is to be one.
    """

    method: str
    state: str
    success: tuple[str, ...] = attrs.field(converter=tuple)
    failure: tuple[str, ...] = attrs.field(converter=tuple)
    pending: tuple[str, ...] = attrs.field(converter=tuple, default=())
    watch: str = ""


@attrs.frozen
class Operation:
    """An operation; `steps` leads to it in the document."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    request_body: Message | None
    responses: Mapping[str, Message]
    security: tuple[tuple[str, ...], ...]
    wait: Wait | None
    pagination: Mapping[str, str] | None
    raw: Mapping[str, Any]
    steps: Steps

    @property
    def successes(self) -> tuple[Message, ...]:
        """The responses that are none of error."""
        return tuple(response for response in self.responses.values() if not response.is_error)

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types that are asked for."""
        return tuple(dict.fromkeys(preferred(response.content) for response in self.successes if response.content))


class Document(Source):
    """A document. What is read from it is right only if `spec.check` finds nothing."""

    @cached_property
    def places(self) -> dict[str, Place]:
        """All objects of the document by their JSON pointers, in the order of the document."""
        return {pointer(place.steps): place for place in places(self.raw)}

    def of(self, *kinds: str) -> Iterator[Place]:
        """List the objects of some kinds, without mere references to others."""
        return (place for place in self.places.values() if place.kind in kinds and "$ref" not in place.value)

    def steps_of(self, value: Any) -> Steps:
        """Find where an object stands; the root if it is none of the document's."""
        return next((place.steps for place in self.places.values() if place.value is value), ())

    def chain(self, ref: str) -> list[Place]:
        """Follow a `$ref`, and the reference that may be there; empty if it leads nowhere."""
        found: list[Place] = []
        while (place := self.places.get(unquote(ref))) and all(place is not each for each in found):
            found.append(place)
            ref = str(place.value.get("$ref"))
        return found

    def resolve(self, node: Any) -> Any:
        """Follow a `$ref`, if the node is one; SpecError if it leads nowhere, or back to itself."""
        if not isinstance(node, Mapping) or "$ref" not in node:
            return node
        chain = self.chain(str(node["$ref"]))
        if not chain or "$ref" in chain[-1].value:
            raise self.error(self.steps_of(node), f"`{node['$ref']}` leads nowhere")
        return chain[-1].value

    def parts(self, schema: Any) -> list[dict[str, Any]]:
        """List a schema and all the schemas that it is composed of; references that lead nowhere are left out."""
        found: list[dict[str, Any]] = []
        todo = [schema]
        while todo:
            with suppress(SpecError):
                part = self.resolve(todo.pop())
                if all(part is not each for each in found):
                    found.append(part)
                    todo += [each for key in ("allOf", "oneOf", "anyOf") for each in part.get(key, [])]
        return found

    def properties(self, schema: Any) -> dict[str, Any]:
        """Collect the properties of a schema, those of the schemas that it is composed of included."""
        parts = reversed(self.parts(schema))
        return {name: prop for part in parts for name, prop in part.get("properties", {}).items()}

    def answers(self, operation: Operation) -> list[dict[str, Any]]:
        """List the schemas of what an operation answers when it succeeds."""
        contents = (content for response in operation.successes for content in response.content.values())
        return [self.resolve(content.get("schema", {})) for content in contents]

    def callbacks(self, operation: Mapping[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """List what the service sends after a request: the callback's name, the address, the method, the operation."""
        for name, callback in operation.get("callbacks", {}).items():
            for address, item in self.resolve(callback).items():
                sent = self.resolve(item)
                yield from ((name, address, method, sent[method]) for method in METHODS if method in sent)

    @cached_property
    def server_url(self) -> str:
        """The address of the first server, its variables filled in with their defaults; empty if there is none."""
        server = (self.raw.get("servers") or [{}])[0]
        url = str(server.get("url", ""))
        for name, variable in server.get("variables", {}).items():
            url = url.replace(f"{{{name}}}", str(variable["default"]))
        return url.rstrip("/")

    @cached_property
    def security_schemes(self) -> Mapping[str, dict[str, Any]]:
        """The security schemes by name, references resolved."""
        schemes = self.raw.get("components", {}).get("securitySchemes", {})
        return {name: self.resolve(scheme) for name, scheme in schemes.items()}

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document; what callbacks send is not among them."""
        return tuple(
            self._operation(path, self.resolve(item), method)
            for path, item in self.raw.get("paths", {}).items()
            for method in self.resolve(item)
            if method in METHODS
        )

    def _operation(self, path: str, item: dict[str, Any], method: str) -> Operation:
        raw, said = item[method], item[method].get("responses", {})
        return Operation(
            id=raw.get("operationId", ""),
            method=method,
            path=path,
            tag=(raw.get("tags") or ["default"])[0],
            summary=raw.get("summary", ""),
            description=raw.get("description", ""),
            parameters=tuple(self._parameters(raw, item)),
            request_body=self._message(raw["requestBody"], is_error=False) if "requestBody" in raw else None,
            responses={status: self._message(each, is_error=is_error(status, said)) for status, each in said.items()},
            security=tuple(tuple(need) for need in raw.get("security", self.raw.get("security", []))),
            wait=Wait(**raw["x-wait"]) if "x-wait" in raw else None,
            pagination=raw.get("x-pagination"),
            raw=raw,
            steps=("paths", path, method),
        )

    def _parameters(self, *owners: dict[str, Any]) -> Iterator[Parameter]:
        """List the parameters of an operation; its own hide those of its path."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for raw in (self.resolve(each) for owner in owners for each in owner.get("parameters", [])):
            found.setdefault((raw["name"], raw["in"]), raw)
        for (name, place), raw in found.items():
            schema = self.resolve(raw.get("schema", {}))
            examples = {name: self.resolve(each) for name, each in raw.get("examples", {}).items()}
            description = raw.get("description") or schema.get("description", "")
            yield Parameter(name, place, description, schema, examples, raw)

    def _message(self, raw: Any, *, is_error: bool) -> Message:
        raw = self.resolve(raw)
        return Message(raw.get("description", ""), raw.get("content", {}), raw.get("links", {}), is_error)


def is_error(status: str, siblings: Mapping[Any, Any]) -> bool:
    """Return whether a response is an error; `default` is one as soon as a success is documented beside it."""
    if status == "default":
        return any(str(other).startswith("2") for other in siblings)
    return status[:1] in {"3", "4", "5"}


def load(path: Path, name: str = "") -> Document:
    """Read a document from a YAML or JSON file, without checking it; `name` is what messages call the file."""
    name = name or path.name
    try:
        return Document(path.read_text("utf-8"), name)
    except OSError as error:
        raise SpecError(f"{name}: {error.strerror}; name a file that can be read") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"{name}: not YAML: not UTF-8: {error.reason} at byte {error.start}") from error
