"""The rules of the extensions, which extensions.schema.json describes.

No validator knows them, and to a generator a misspelt extension is one that is not there. So each must be known, stand
where it means something, be of its own form, and name only what exists; the schema says all but the last.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from .tree import Finding, Level, Place, Tree

Problems = Iterator[tuple[str, str]]
"""Pairs of a key in the extension (empty for the extension itself) and what is wrong there."""

SCHEMA = json.loads((Path(__file__).parent / "extensions.schema.json").read_text("utf-8"))
KINDS: Mapping[str, str] = {
    name: kind for kind, form in SCHEMA["$defs"].items() for name in form.get("properties", {}) if name[:2] == "x-"
}
"""The kind of object that each extension stands on."""


def extensions(tree: Tree) -> Iterator[Finding]:
    """Every extension is known, stands where it means something, and names only what exists."""
    for place in tree.places.values():
        for name, value in place.value.items():
            if name.startswith("x-"):
                yield from _findings(tree, place, name, value)


def _findings(tree: Tree, place: Place, name: str, value: object) -> Iterator[Finding]:
    steps, kind, remedy = (*place.steps, name), KINDS.get(name), "see scripts/spec/extensions.schema.json"
    if kind is None:
        close = get_close_matches(name, KINDS, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"remove it; {remedy}"
        yield Finding(steps, f"nothing reads the extension `{name}`", hint)
    elif place.kind != kind:
        problem = f"the extension `{name}` means nothing on an object of the kind {place.kind}"
        yield Finding(steps, problem, f"move it to one of the kind {kind}")
    elif errors := list(_form(kind, name).iter_errors(value)):
        for error in errors:
            yield Finding((*steps, *map(str, error.absolute_path)), error.message, remedy)
    else:
        for key, problem in RULES[name](tree, place, value) if name in RULES else ():
            yield Finding((*steps, key) if key else steps, problem, remedy)
        if name == "x-wait":
            yield from _states_without_meaning(tree, place, place.mapping(name))


def _form(kind: str, name: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{kind}/properties/{name}"})


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
    for source in _sources(tree, answer, value["state"]):
        yield from _unknown_property(tree, answer, "state", source)
    possible = _states(tree, answer, value["state"])
    seen: set[str] = set()
    for key in ("success", "failure", "pending"):
        for name in value.get(key, ()):
            if possible and name not in possible:
                yield key, f"`{name}` is not among the values that `{value['state']}` can have"
            if name in seen:
                yield key, f"`{name}` already has a meaning"
            seen.add(name)


def _states_without_meaning(tree: Tree, place: Place, value: dict[str, Any]) -> Iterator[Finding]:
    """Note the states that a rule is silent about, if it says at all which ones are on the way."""
    known = {name for key in ("success", "failure", "pending") for name in value.get(key, ())}
    for name in _states(tree, _answer(tree, place), value["state"]) if "pending" in value else ():
        if name not in known:
            problem = f"`x-wait` calls `{name}` neither success nor failure, so a wait goes on when it comes"
            remedy = "add it to `success`, `failure` or `pending`"
            yield Finding((*place.steps, "x-wait"), problem, remedy, level=Level.NOTE)


def _states(tree: Tree, answer: Place | None, name: str) -> list[str]:
    """List the values that a property can have, or those that it is made from; none if it can have any."""
    found: dict[str, None] = {}
    for source in _sources(tree, answer, name):
        state = tree.follow(tree.properties(answer).get(source))
        if state is None or not state.items("enum"):
            return []
        found.update(dict.fromkeys(str(item) for _, item in state.items("enum") if item is not None))
    return list(found)


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


def _recognise(tree: Tree, place: Place, value: dict[str, Any]) -> Problems:
    answer, draw = _answer(tree, place), value["draw"]
    sent = next(iter(place.mapping("requestBody").get("content", {})), None)
    request = tree.child(place, "requestBody", "content", sent, "schema") if sent else None
    for name in value["by"]:
        yield from _unknown_property(tree, request, "by", name)
        yield from _unknown_property(tree, answer, "by", name)
    if draw["field"] not in value["by"]:
        yield "draw", f"`{draw['field']}` is drawn, and nothing is recognised by it"
    if draw["minimum"] >= draw["maximum"]:
        yield "draw", "there is nothing to draw from"
    yield from _unknown_property(tree, answer, "created", value["created"])
    if "count" in value:
        yield from _unknown_property(tree, request, "count", value["count"])


def _unknown_property(tree: Tree, schema: Place | None, key: str, name: str) -> Problems:
    if schema is None:
        yield key, f"there is no object that could have a property `{name}`"
    elif name not in tree.properties(schema):
        yield key, f"there is no property `{name}`"


def _sources(tree: Tree, schema: Place | None, name: str) -> list[str]:
    """Name the properties that a property is made from by `x-first-of`; itself if it is sent as it is."""
    for part in tree.parts(schema):
        made = part.mapping("x-first-of")
        if name in made and _form("schema", "x-first-of").is_valid(made):
            return list(made[name]["of"])
    return [name]


def _answer(tree: Tree, operation: Place) -> Place | None:
    """Find the schema of what an operation answers when it succeeds."""
    for status in operation.mapping("responses"):
        response = tree.child(operation, "responses", status)
        for media_type in response.mapping("content") if response and status.startswith("2") else ():
            return tree.child(response, "content", media_type, "schema")
    return None


RULES: Mapping[str, Callable[[Tree, Place, Any], Problems]] = {
    "x-download": _download,
    "x-examples-class": _examples_class,
    "x-first-of": _first_of,
    "x-pagination": _pagination,
    "x-reads-as": _reads_as,
    "x-recognise": _recognise,
    "x-wait": _wait,
}
"""What no schema can say: which names exist."""
