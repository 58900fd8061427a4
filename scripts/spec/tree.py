"""An OpenAPI 3.0 document as a flat list of places, each with its kind and its line.

A JSON Schema can say where a reference may stand, but not what it leads to, what is never used or which example goes
with which schema. For that one has to know what each object in the document is; `Tree` finds out.
"""

from collections.abc import Iterator
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attrs
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Steps = tuple[str, ...]
"""The way from the root to a place; the unescaped parts of its JSON pointer."""

COMPONENTS = {
    "schemas": "schema",
    "responses": "response",
    "parameters": "parameter",
    "examples": "example",
    "requestBodies": "request body",
    "headers": "header",
    "securitySchemes": "security scheme",
    "links": "link",
    "callbacks": "callback",
}
_PARAMETER = {"schema": "schema", "content": "{media type}", "examples": "{example}"}
# What an object of each kind holds under which key: a kind, `[kind]` for a list or `{kind}` for a map from names.
# `*` stands for all keys but extensions. What is missing here (examples, defaults, enums) is data, not OpenAPI, so a
# `$ref` in it means nothing.
_HOLDS: dict[str, dict[str, str]] = {
    "document": {
        "info": "info",
        "servers": "[server]",
        "paths": "paths",
        "components": "components",
        "security": "[security requirement]",
        "tags": "[tag]",
    },
    "components": {key: f"{{{kind}}}" for key, kind in COMPONENTS.items()},
    "paths": {"*": "path"},
    "path": {
        "servers": "[server]",
        "parameters": "[parameter]",
        **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace"), "operation"),
    },
    "operation": {
        "servers": "[server]",
        "parameters": "[parameter]",
        "requestBody": "request body",
        "responses": "responses",
        "callbacks": "{callback}",
        "security": "[security requirement]",
    },
    "responses": {"*": "response"},
    "response": {"headers": "{header}", "content": "{media type}", "links": "{link}"},
    "callback": {"*": "path"},
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "request body": {"content": "{media type}"},
    "media type": {"schema": "schema", "examples": "{example}", "encoding": "{encoding}"},
    "encoding": {"headers": "{header}"},
    "link": {"server": "server"},
    "schema": {
        "properties": "{schema}",
        "additionalProperties": "schema",
        "items": "schema",
        "not": "schema",
        "discriminator": "discriminator",
        **dict.fromkeys(("allOf", "oneOf", "anyOf"), "[schema]"),
    },
}


class Level(IntEnum):
    """How much a finding matters."""

    NOTE = 0  # to be thought about
    STYLE = 1  # a package can be made all the same, but not of our own document
    ERROR = 2


@attrs.frozen
class Finding:
    """Something wrong in the document: where, what, and what to do about it."""

    steps: Steps
    problem: str
    remedy: str
    line: int | None = None  # where it is not that of the place
    level: Level = Level.ERROR


@attrs.frozen
class Place:
    """An object in the document, and what OpenAPI calls its kind.

    It may be of the wrong shape: what is not of the wanted type is left out.
    """

    kind: str
    steps: Steps
    value: dict[str, Any]

    def text(self, key: str) -> str:
        """Give the string under a key."""
        found = self.value.get(key)
        return found if isinstance(found, str) else ""

    def mapping(self, key: str) -> dict[str, Any]:
        """Give the mapping under a key."""
        found = self.value.get(key)
        return found if isinstance(found, dict) else {}

    def items(self, key: str) -> list[tuple[str, Any]]:
        """Give the list under a key."""
        found = self.value.get(key)
        return [(str(index), item) for index, item in enumerate(found)] if isinstance(found, list) else []

    def names(self, key: str) -> list[tuple[str, str]]:
        """Give the strings in the list under a key."""
        return [(step, item) for step, item in self.items(key) if isinstance(item, str)]


class Tree:
    """A document, the objects in it and their lines.

    Args:
        text: The document as YAML, which includes JSON.
        name: What messages call its file.

    Raises:
        SpecError: The text cannot be read.
    """

    def __init__(self, text: str, name: str = "openapi.yaml") -> None:
        self.yaml_findings: list[Finding] = []
        self._lines: dict[Steps, int] = {(): 1}
        self.root = self._read(text, name)

    def _read(self, text: str, name: str) -> Any:
        yaml = YAML(typ="safe", pure=True)
        # They are all reported by `_scan`; the parser would stop at the first.
        yaml.allow_duplicate_keys = True
        remedy = "correct it, the rest is checked after that"
        try:
            node = yaml.compose(text)
            self._scan(node, ())
            return node and yaml.constructor.construct_document(node)
        except MarkedYAMLError as error:
            problem = " ".join(str(error.problem).split())
            if error.context and error.context_mark:
                problem += f" {error.context} from line {error.context_mark.line + 1}"
            line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
            raise SpecError(f"{name}{line}: not YAML: {problem}; {remedy}") from error
        except (YAMLError, ValueError) as error:
            raise SpecError(f"{name}: not YAML: {' '.join(str(error).split())}; {remedy}") from error
        except RecursionError:
            raise SpecError(f"{name}: not YAML: an alias stands inside of its own anchor; {remedy}") from None

    def _scan(self, node: Node | None, steps: Steps) -> None:
        """Note the lines of all that is below a node, and the keys that YAML allows and OpenAPI does not."""
        if isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                self._lines[*steps, str(index)] = item.start_mark.line + 1
                self._scan(item, (*steps, str(index)))
        if isinstance(node, MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                self._scan_key(key, steps, seen)
                self._scan(value, (*steps, str(key.value)))

    def _scan_key(self, key: Node, steps: Steps, seen: dict[str, int]) -> None:
        name, line, child = str(key.value), key.start_mark.line + 1, (*steps, str(key.value))
        if name in seen:
            problem = f"the key `{name}` stands here a second time, first in line {seen[name]}"
            self.yaml_findings.append(Finding(child, problem, "YAML readers drop one of the two: merge them", line))
        if str(key.tag) not in {"tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"}:
            problem = f"the key `{name}` is not a string"
            self.yaml_findings.append(Finding(child, problem, f'put it in quotes: "{name}"', line))
            # As a string it is what was meant, so the rest of the document can still be checked.
            key.tag = "tag:yaml.org,2002:str"
        self._lines[child] = seen[name] = line

    def line(self, steps: Steps) -> int:
        """Find the line of a place, or of the nearest place above it that is written down."""
        while steps not in self._lines:
            steps = steps[:-1]
        return self._lines[steps]

    def look_up(self, ref: str) -> Any:
        """Find what a reference leads to; None if there is nothing."""
        node: Any = self.root
        for step in unquote(ref).removeprefix("#/").split("/") if ref.startswith("#/") else [""]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and name.isdecimal() and int(name) < len(node):
                node = node[int(name)]
            else:
                node = node.get(name) if isinstance(node, dict) else None
        return node

    def steps_of(self, value: Any) -> Steps:
        """Find where an object stands; the root if it is none of the document's."""
        return next((place.steps for place in self.places.values() if place.value is value), ())

    @cached_property
    def places(self) -> dict[str, Place]:
        """All objects of the document by their JSON pointers, in the order of the document."""
        return {pointer(place.steps): place for place in _places("document", (), self.root)}

    def of(self, *kinds: str) -> Iterator[Place]:
        """List the objects of some kinds, without mere references to others."""
        for place in self.places.values():
            if place.kind in kinds and "$ref" not in place.value:
                yield place

    def child(self, place: Place | None, *keys: str) -> Place | None:
        """Find an object below another, references followed."""
        if place is None:
            return None
        return self.follow(self.places.get(pointer((*place.steps, *keys))))

    def follow(self, place: Place | None) -> Place | None:
        """Go on from a reference to what it refers to."""
        seen: set[str] = set()
        while place is not None and "$ref" in place.value:
            ref = unquote(str(place.value["$ref"]))
            if ref in seen:
                return None
            seen.add(ref)
            place = self.places.get(ref)
        return place

    def parts(self, schema: Place | None) -> list[Place]:
        """List a schema and all the schemas that it is composed of."""
        found: dict[Steps, Place] = {}
        todo = [self.follow(schema)]
        while todo:
            part = todo.pop()
            if part is not None and part.steps not in found:
                found[part.steps] = part
                for key in ("allOf", "oneOf", "anyOf"):
                    todo += [self.child(part, key, step) for step, _ in part.items(key)]
        return list(found.values())

    def properties(self, schema: Place | None) -> dict[str, Place]:
        """Collect the properties of a schema, those of the schemas that it is composed of included."""
        found: dict[str, Place] = {}
        for part in self.parts(schema):
            for name in part.mapping("properties"):
                if prop := self.places.get(pointer((*part.steps, "properties", name))):
                    found.setdefault(name, prop)
        return found

    def parameters(self, operation: Place) -> Iterator[Place]:
        """List the parameters of an operation, those of its path included."""
        for owner in (operation, self.places[pointer(operation.steps[:-1])]):
            for step, _ in owner.items("parameters"):
                if found := self.child(owner, "parameters", step):
                    yield found


class SpecError(Exception):
    """The document cannot be read or turned into a package; the message says where, what and why."""


def read(path: Path, name: str) -> Tree:
    """Read a document from a file.

    Raises:
        SpecError: The file cannot be read, or not as YAML.
    """
    try:
        return Tree(path.read_text("utf-8"), name)
    except OSError as error:
        raise SpecError(f"{name}: {error.strerror}; name a file that can be read") from error
    except UnicodeDecodeError as error:
        raise SpecError(f"{name}: not YAML: not UTF-8: {error.reason} at byte {error.start}") from error


def pointer(steps: Steps) -> str:
    """Write the way to a place as it stands in a `$ref`."""
    return "/".join(("#", *(step.replace("~", "~0").replace("/", "~1") for step in steps)))


def _places(kind: str, steps: Steps, value: object) -> Iterator[Place]:
    if not isinstance(value, dict):
        return
    yield Place(kind, steps, value)
    if "$ref" in value:  # what stands beside a reference is ignored
        return
    for key, child in value.items():
        holds = _HOLDS.get(kind, {})
        held = holds.get(key) or ("" if key.startswith("x-") else holds.get("*", ""))
        yield from _held(held, (*steps, key), child)


def _held(held: str, steps: Steps, value: object) -> Iterator[Place]:
    kind = held.strip("[]{}")
    if held.startswith("[") and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(kind, (*steps, str(index)), item)
    elif held.startswith("{") and isinstance(value, dict):
        for name, item in value.items():
            yield from _places(kind, (*steps, name), item)
    elif held and kind == held:
        yield from _places(kind, steps, value)
