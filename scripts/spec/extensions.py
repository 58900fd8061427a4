"""The rules of the extensions, which extensions.schema.json describes.

No validator knows them, and to a generator a misspelt extension is one that is not there. So each must be known, stand
where it means something, be of its own form, and name only what exists; the schema says all but the last.
"""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from .document import Document, Operation, Wait
from .places import Place
from .source import Finding, Level, Steps

SCHEMA = json.loads((Path(__file__).parent / "extensions.schema.json").read_text("utf-8"))
REMEDY = "see scripts/spec/extensions.schema.json"
KINDS: Mapping[str, str] = {
    name: kind for kind, form in SCHEMA["$defs"].items() for name in form.get("properties", {}) if name[:2] == "x-"
}
"""The kind of object that each extension stands on."""


def forms(document: Document) -> Iterator[Finding]:
    """Every extension is known, stands where it means something, and is of its own form."""
    for place in document.places.values():
        for name in place.value:
            if name.startswith("x-"):
                yield from _form(place, name)


def _form(place: Place, name: str) -> Iterator[Finding]:
    steps, kind = (*place.steps, name), KINDS.get(name)
    if kind is None:
        close = get_close_matches(name, KINDS, n=1)
        remedy = f"did you mean `{close[0]}`?" if close else f"remove it; {REMEDY}"
        yield Finding(steps, f"nothing reads the extension `{name}`", remedy)
    elif place.kind != kind:
        problem = f"the extension `{name}` means nothing on an object of the kind {place.kind}"
        yield Finding(steps, problem, f"move it to one of the kind {kind}")
    else:
        form = Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{kind}/properties/{name}"})
        for error in form.iter_errors(place.value[name]):
            yield Finding((*steps, *map(str, error.absolute_path)), error.message, REMEDY)


def meanings(document: Document) -> Iterator[Finding]:
    """What every extension names exists."""
    for operation in document.operations:
        if operation.wait:
            yield from _wait(document, operation, operation.wait)
        yield from _pagination(document, operation)
        yield from _recognise(document, operation)
    for place in document.of("schema"):
        yield from _first_of(document, place)
        yield from _download(document, place)
        if "x-reads-as" in place.value and place.value.get("type") != "string":
            problem = f"only a string can be read as `{place.value['x-reads-as']}`"
            yield Finding((*place.steps, "x-reads-as"), problem, REMEDY)
    for place in document.of("parameter"):
        if "x-examples-class" in place.value and not place.value.get("examples"):
            problem = "the parameter has no `examples` to make a class of"
            yield Finding((*place.steps, "x-examples-class"), problem, REMEDY)


def _wait(document: Document, operation: Operation, rule: Wait) -> Iterator[Finding]:
    steps, answer = (*operation.steps, "x-wait"), _answer(document, operation)
    sources = _sources(document, answer, rule.state)
    for source in sources:
        yield from _known(document, answer, source, (*steps, "state"))
    possible = _values(document, answer, sources)
    seen: set[str] = set()
    for key, names in (("success", rule.success), ("failure", rule.failure), ("pending", rule.pending)):
        for name in names:
            if possible and name not in possible:
                problem = f"`{name}` is not among the values that `{rule.state}` can have"
                yield Finding((*steps, key), problem, REMEDY)
            if name in seen:
                yield Finding((*steps, key), f"`{name}` already has a meaning", REMEDY)
            seen.add(name)
    # A rule that says which states are on the way should know all of them.
    for name in possible if rule.pending else ():
        if name not in seen:
            problem = f"`x-wait` calls `{name}` neither success nor failure, so a wait goes on when it comes"
            yield Finding(steps, problem, "add it to `success`, `failure` or `pending`", level=Level.NOTE)


def _pagination(document: Document, operation: Operation) -> Iterator[Finding]:
    if rule := operation.pagination:
        steps, parameters = (*operation.steps, "x-pagination"), {each.name for each in operation.parameters}
        for key, name in (("page", rule.page), ("size", rule.size)):
            if name not in parameters:
                yield Finding((*steps, key), f"the operation has no parameter `{name}`", REMEDY)
        items = _answer(document, operation).get("items", {})
        yield from _known(document, items, rule.key, (*steps, "key"))


def _recognise(document: Document, operation: Operation) -> Iterator[Finding]:
    if rule := operation.raw.get("x-recognise"):
        steps, answer = (*operation.steps, "x-recognise"), _answer(document, operation)
        contents = operation.request_body.content.values() if operation.request_body else ()
        request = document.resolve(next(iter(contents), {}).get("schema", {}))
        for name in rule["by"]:
            yield from _known(document, request, name, (*steps, "by"))
            yield from _known(document, answer, name, (*steps, "by"))
        yield from _known(document, answer, rule["created"], (*steps, "created"))
        if "count" in rule:
            yield from _known(document, request, rule["count"], (*steps, "count"))
        if rule["draw"]["field"] not in rule["by"]:
            problem = f"`{rule['draw']['field']}` is drawn, and nothing is recognised by it"
            yield Finding((*steps, "draw"), problem, REMEDY)
        if rule["draw"]["minimum"] >= rule["draw"]["maximum"]:
            yield Finding((*steps, "draw"), "there is nothing to draw from", REMEDY)


def _first_of(document: Document, place: Place) -> Iterator[Finding]:
    for name, rule in place.value.get("x-first-of", {}).items():
        steps = (*place.steps, "x-first-of", name)
        if name in document.properties(place.value):
            problem = f"`{name}` is a property that the server sends, so it cannot be made from others"
            yield Finding(steps, problem, REMEDY)
        for source in rule["of"]:
            yield from _known(document, place.value, source, steps)


def _download(document: Document, place: Place) -> Iterator[Finding]:
    if rule := place.value.get("x-download"):
        steps = (*place.steps, "x-download")
        yield from _known(document, place.value, rule["items"], (*steps, "items"))
        yield from _known(document, place.value, rule["key"], (*steps, "key"))
        if rule["items"] in (properties := document.properties(place.value)):
            items = document.resolve(properties[rule["items"]]).get("items", {})
            for key in ("uri", "key"):
                yield from _known(document, items, rule[key], (*steps, key))


def _known(document: Document, schema: dict[str, Any], name: str, steps: Steps) -> Iterator[Finding]:
    """Find fault with the name of a property that a schema does not have."""
    if not schema:
        yield Finding(steps, f"there is no object that could have a property `{name}`", REMEDY)
    elif name not in document.properties(schema):
        yield Finding(steps, f"there is no property `{name}`", REMEDY)


def _sources(document: Document, schema: dict[str, Any], name: str) -> list[str]:
    """Name the properties that a property is made from by `x-first-of`; itself if it is sent as it is."""
    made = (part["x-first-of"] for part in document.parts(schema) if name in part.get("x-first-of", {}))
    return next((list(rules[name]["of"]) for rules in made), [name])


def _values(document: Document, schema: dict[str, Any], names: list[str]) -> list[str]:
    """List the values that some properties can have; none if one of them can have any."""
    properties = document.properties(schema)
    found = [document.resolve(properties.get(name, {})).get("enum") for name in names]
    values = (value for each in found if all(found) for value in each if value is not None)
    return list(dict.fromkeys(map(str, values)))


def _answer(document: Document, operation: Operation) -> dict[str, Any]:
    """Find the schema of what an operation answers when it succeeds."""
    contents = (content for response in operation.successes for content in response.content.values())
    schema: dict[str, Any] = document.resolve(next(contents, {}).get("schema", {}))
    return schema
