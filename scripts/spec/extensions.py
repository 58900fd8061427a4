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


NAMES = (
    ("x-wait", "state", "the answer"),
    ("x-pagination", "page", "the parameters"),
    ("x-pagination", "size", "the parameters"),
    ("x-pagination", "key", "the items of the answer"),
    ("x-recognise", "by", "the request"),
    ("x-recognise", "by", "the answer"),
    ("x-recognise", "created", "the answer"),
    ("x-recognise", "count", "the request"),
    ("x-download", "items", "the schema"),
    ("x-download", "key", "the schema"),
    ("x-download", "uri", "its items"),
    ("x-download", "key", "its items"),
)
"""Where the extensions name properties, and of what."""


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
    """What every extension names exists, and its values fit together."""
    for operation in document.operations:
        yield from _names(operation.raw, operation.steps, _around(document, operation))
        if operation.wait:
            yield from _wait(document, operation, operation.wait)
        rule = operation.raw.get("x-recognise")
        if rule and (rule["draw"]["field"] not in rule["by"] or rule["draw"]["minimum"] >= rule["draw"]["maximum"]):
            problem = f"`{rule['draw']['field']}` must be one of `by`, with a minimum below its maximum"
            yield Finding((*operation.steps, "x-recognise", "draw"), problem, REMEDY)
    for place in document.of("schema"):
        yield from _schema(document, place)
    for place in document.of("parameter"):
        if "x-examples-class" in place.value and not place.value.get("examples"):
            problem = "the parameter has no `examples` to make a class of"
            yield Finding((*place.steps, "x-examples-class"), problem, REMEDY)


def _around(document: Document, operation: Operation) -> dict[str, Any]:
    """Return the properties of all that the extensions of an operation can name, by the words of `NAMES`."""
    answer = next(iter(document.answers(operation)), {})
    contents = operation.request_body.content.values() if operation.request_body else ()
    return {
        "the answer": document.properties(answer) | _made(document, answer),
        "the items of the answer": document.properties(answer.get("items", {})),
        "the request": document.properties(next(iter(contents), {}).get("schema", {})),
        "the parameters": {each.name: each for each in operation.parameters},
    }


def _names(owner: Any, steps: Steps, around: Mapping[str, Any]) -> Iterator[Finding]:
    """Find fault with names of properties that there are not."""
    for rule, key, where in NAMES:
        names = owner.get(rule, {}).get(key, [])
        for name in [names] if isinstance(names, str) else names:
            if name not in around.get(where, {name}):
                yield Finding((*steps, rule, key), f"there is no `{name}` in {where}", REMEDY)


def _schema(document: Document, place: Place) -> Iterator[Finding]:
    properties = document.properties(place.value)
    items = properties.get(place.value.get("x-download", {}).get("items"))
    around = {"the schema": properties}
    if items:
        around["its items"] = document.properties(document.resolve(items).get("items", {}))
    yield from _names(place.value, place.steps, around)
    for name, rule in place.value.get("x-first-of", {}).items():
        steps = (*place.steps, "x-first-of", name)
        if name in properties:
            problem = f"`{name}` is a property that the server sends, so it cannot be made from others"
            yield Finding(steps, problem, REMEDY)
        for source in (each for each in rule["of"] if each not in properties):
            yield Finding(steps, f"there is no `{source}` in the schema", REMEDY)
    if "x-reads-as" in place.value and place.value.get("type") != "string":
        problem = f"only a string can be read as `{place.value['x-reads-as']}`"
        yield Finding((*place.steps, "x-reads-as"), problem, REMEDY)


def _wait(document: Document, operation: Operation, rule: Wait) -> Iterator[Finding]:
    """Find fault with the states of a rule."""
    steps, possible = (*operation.steps, "x-wait"), _states(document, operation, rule)
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


def _states(document: Document, operation: Operation, rule: Wait) -> list[str]:
    """List the values that the state of a job can have; none if it can have any."""
    answer = next(iter(document.answers(operation)), {})
    properties, sources = document.properties(answer), _made(document, answer).get(rule.state, [rule.state])
    enums = [document.resolve(properties.get(name, {})).get("enum") for name in sources]
    return [str(value) for enum in enums if all(enums) for value in enum if value is not None]


def _made(document: Document, schema: Any) -> dict[str, list[str]]:
    """Return the properties that are made of others by `x-first-of`, with those."""
    rules = (part.get("x-first-of", {}) for part in document.parts(schema))
    return {name: rule["of"] for each in rules for name, rule in each.items()}
