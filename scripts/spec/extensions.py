"""The rules of the extensions that the header of openapi.yaml documents.

No validator knows them, and to a generator a misspelt extension is one that is not there. So each must be known, stand
where it means something, be of its own form, and name only what exists.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from .tree import Finding, Place, Tree

Problems = Iterator[tuple[str, str]]
"""Pairs of a key in the extension (empty for the extension itself) and what is wrong there."""

_NAME = {"type": "string", "minLength": 1}
_NAMES = {"type": "array", "items": _NAME, "minItems": 1}


def _exactly(**properties: dict[str, Any]) -> dict[str, Any]:
    """Make the schema of an object that has these properties and no others."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _named(value: dict[str, Any]) -> dict[str, Any]:
    """Make the schema of an object that has such a value under each of its names."""
    return {"type": "object", "additionalProperties": value}


_FIRST_OF = _named(_exactly(of=_NAMES, description=_NAME))


def _fits(_tree: Tree, _place: Place, _value: object) -> Problems:
    """Find nothing: whatever has the form of the extension is right."""
    yield from ()


def _property(tree: Tree, place: Place, value: str) -> Problems:
    yield from _unknown_property(tree, place, "", value)


def _examples_class(_tree: Tree, place: Place, _value: str) -> Problems:
    if not place.mapping("examples"):
        yield "", "the parameter has no `examples` to make a class of"


def _first_of(tree: Tree, place: Place, value: dict[str, Any]) -> Problems:
    for name, rule in value.items():
        if name in tree.properties(place):
            yield name, f"`{name}` is a property that the server sends, so it cannot be made from others"
        for source in rule["of"]:
            yield from _unknown_property(tree, place, name, source)


def _reads_as(_tree: Tree, place: Place, value: str) -> Problems:
    if place.text("type") != "string":
        yield "", f"only a string can be read as `{value}`"


def _wait(tree: Tree, place: Place, value: dict[str, Any]) -> Problems:
    answer = _answer(tree, place)
    possible: list[object] = []
    for source in _sources(tree, answer, value["state"]):
        yield from _unknown_property(tree, answer, "state", source)
        if state := tree.follow(tree.properties(answer).get(source)):
            possible += [item for _, item in state.items("enum")]
    for key in ("success", "failure"):
        for name in value[key]:
            if possible and name not in possible:
                yield key, f"`{name}` is not among the values that `{value['state']}` can have"


def _pagination(tree: Tree, place: Place, value: dict[str, Any]) -> Problems:
    parameters = {parameter.text("name") for parameter in tree.parameters(place)}
    for key in ("page", "size"):
        if value[key] not in parameters:
            yield key, f"the operation has no parameter `{value[key]}`"
    yield from _unknown_property(tree, tree.child(_answer(tree, place), "items"), "key", value["key"])


def _download(tree: Tree, place: Place, value: dict[str, Any]) -> Problems:
    yield from _unknown_property(tree, place, "items", value["items"])
    if items := tree.follow(tree.properties(place).get(value["items"])):
        for key in ("uri", "key"):
            yield from _unknown_property(tree, tree.child(items, "items"), key, value[key])
    yield from _unknown_property(tree, place, "key", value["key"])


def _unwrap(tree: Tree, place: Place, value: str) -> Problems:
    if "callbacks" not in place.steps:
        yield "", "only a callback's body is unwrapped"
    yield from _unknown_property(tree, place, "", value)


def _unknown_property(tree: Tree, schema: Place | None, key: str, name: str) -> Problems:
    if schema is None:
        yield key, f"there is no object that could have a property `{name}`"
    elif name not in tree.properties(schema):
        yield key, f"there is no property `{name}`"


def _sources(tree: Tree, schema: Place | None, name: str) -> list[str]:
    """Name the properties that a property is made from by `x-first-of`; itself if it is sent as it is."""
    for part in tree.parts(schema):
        made = part.mapping("x-first-of")
        if name in made and Draft202012Validator(_FIRST_OF).is_valid(made):
            return list(made[name]["of"])
    return [name]


def _answer(tree: Tree, operation: Place) -> Place | None:
    """Find the schema of what an operation answers when it succeeds."""
    for status in operation.mapping("responses"):
        response = tree.child(operation, "responses", status)
        for media_type in response.mapping("content") if response and status.startswith("2") else ():
            return tree.child(response, "content", media_type, "schema")
    return None


@dataclass(frozen=True)
class Extension:
    """How an extension may be used.

    Args:
        kinds: The kinds of object that it may stand on.
        form: The JSON Schema of its value.
        problems: Gives what is wrong with a value of that form.
    """

    kinds: tuple[str, ...]
    form: dict[str, Any]
    problems: Callable[[Tree, Place, Any], Problems]


EXTENSIONS = {
    "x-env": Extension(("server", "security scheme"), {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"}, _fits),
    "x-error-message": Extension(("schema",), _NAME, _property),
    "x-examples-class": Extension(
        ("parameter",), {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"}, _examples_class
    ),
    "x-if-left-out": Extension(("schema",), _NAME, _fits),
    "x-first-of": Extension(("schema",), _FIRST_OF, _first_of),
    "x-reads-as": Extension(("schema",), _NAME, _reads_as),
    "x-wait": Extension(("operation",), _exactly(method=_NAME, state=_NAME, success=_NAMES, failure=_NAMES), _wait),
    "x-pagination": Extension(("operation",), _exactly(method=_NAME, page=_NAME, size=_NAME, key=_NAME), _pagination),
    "x-download": Extension(("schema",), _exactly(method=_NAME, items=_NAME, uri=_NAME, key=_NAME), _download),
    "x-unwrap": Extension(("schema",), _NAME, _unwrap),
    "x-other-clients": Extension(("document",), _named(_named(_NAME)), _fits),
}


def extensions(tree: Tree) -> Iterator[Finding]:
    """Every extension is known, stands where it means something, and names only what exists.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    for place in tree.places.values():
        for name, value in place.value.items():
            if name.startswith("x-"):
                yield from _findings(tree, place, name, value)


def _findings(tree: Tree, place: Place, name: str, value: object) -> Iterator[Finding]:
    steps, rule = (*place.steps, name), EXTENSIONS.get(name)
    if rule is None:
        remedy = f"correct or remove it; known: {', '.join(EXTENSIONS)}"
        yield Finding(steps, f"nothing reads the extension `{name}`", remedy)
    elif place.kind not in rule.kinds:
        problem = f"the extension `{name}` means nothing on an object of the kind {place.kind}"
        yield Finding(steps, problem, f"move it to one of the kind {' or '.join(rule.kinds)}")
    elif errors := list(Draft202012Validator(rule.form).iter_errors(value)):
        for error in errors:
            where = (*steps, *(str(step) for step in error.absolute_path))
            yield Finding(where, error.message, "correct it as the header of the document says")
    else:
        for key, problem in rule.problems(tree, place, value):
            yield Finding((*steps, key) if key else steps, problem, "correct it as the header of the document says")
