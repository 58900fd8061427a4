"""What OpenAPI knows and the package does not do: it is refused, since what is ignored would be silently wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from .document import Document, Operation
from .media import FORMS, JSON, TEXT, URLENCODED, is_json, plain, preferred, read_as
from .places import Place
from .reduced import reached
from .source import Finding, Steps
from .styles import DEFAULTS

STYLES = {
    "path": {"simple"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form"},
}
NOT_PARAMETERS = {"accept": "`responses`", "content-type": "`requestBody`", "authorization": "`security`"}
"""The headers that OpenAPI wants described elsewhere, and where."""
COMPOSITE = {"array", "object"}
AS_BYTES = "describe it as `type: string, format: binary`; callers then get and give bytes"


def unsupported(document: Document) -> Iterator[Finding]:
    """Nothing is asked of the package that it does not do."""
    for place in document.of("parameter"):
        yield from _parameter(document, place)
    for place in document.of("media type"):
        if "encoding" in place.value:
            remedy = "leave it out; callers give a file its media type by `File(..., mime_type=...)`"
            yield Finding((*place.steps, "encoding"), "`encoding` has no effect", remedy)
    for place in document.of("schema"):
        yield from _schema(document, place)
    for place in document.of("path", "operation"):
        if "servers" in place.value and "callbacks" not in place.steps:
            remedy = "put the part of the address that differs into the paths, and one server at the top"
            yield Finding((*place.steps, "servers"), "a client calls one server only", remedy)
    for operation in document.operations:
        yield from _bodies(document, operation)
        yield from _answers(document, operation)


def _parameter(document: Document, place: Place) -> Iterator[Finding]:
    raw, where, steps = place.value, place.value["in"], place.steps
    if "content" in raw:
        problem = "a parameter with `content` is one that the client would have to write in a media type"
        yield Finding((*steps, "content"), problem, "give it a `schema` of type string, and say in words what is in it")
        return
    if raw.get("allowReserved"):
        problem = "`allowReserved` asks for characters to be sent unescaped, and the client escapes all"
        yield Finding((*steps, "allowReserved"), problem, "leave it out; servers read an escaped character as itself")
    if where == "header" and raw["name"].lower() in NOT_PARAMETERS:
        remedy = f"leave it out; {NOT_PARAMETERS[raw['name'].lower()]} says what is sent"
        yield Finding((*steps, "name"), f"OpenAPI ignores a header parameter `{raw['name']}`", remedy)
    kinds, items, properties = _kinds(document, raw["schema"])
    style = raw.get("style", DEFAULTS[where])
    explode = raw.get("explode", style == "form")
    if style not in STYLES[where]:
        remedy = f"use {' or '.join(f'`{each}`' for each in sorted(STYLES[where]))}, if the server reads it"
        yield Finding((*steps, "style"), f"the style `{style}` cannot be written in a {where}", remedy)
    elif style == "deepObject" and kinds != {"object"}:
        yield Finding((*steps, "style"), "`deepObject` is a style of objects", "leave `style` out")
    elif style in {"spaceDelimited", "pipeDelimited"} and (explode or "object" in kinds):
        yield Finding((*steps, "style"), f"`{style}` is a style of lists that are not exploded", "add `explode: false`")
    elif where == "cookie" and explode and kinds & COMPOSITE:
        problem = "a list or an object cannot be spread over cookies"
        yield Finding(steps, problem, "add `explode: false`, which joins its items by commas")
    if items & COMPOSITE or (properties & COMPOSITE and (style == "deepObject" or properties & {"object"})):
        problem = "no style says how lists and objects are written within a parameter"
        yield Finding((*steps, "schema"), problem, "give it a `schema` of type string, and say in words what is in it")


def _kinds(document: Document, schema: Any) -> tuple[set[str], set[str], set[str]]:
    """Return the types that a schema allows, those of the items if it is a list, and of the properties of an object."""
    parts = document.parts(schema)
    items = [part for each in parts if "items" in each for part in document.parts(each["items"])]
    properties = [part for each in document.properties(schema).values() for part in document.parts(each)]
    found = [{str(part["type"]) for part in group if "type" in part} for group in (parts, items, properties)]
    return found[0] | ({"object"} if properties else set()), found[1], found[2]


def _schema(document: Document, place: Place) -> Iterator[Finding]:
    raw, steps = place.value, place.steps
    if isinstance(raw.get("discriminator"), Mapping):
        variants = [each for key in ("oneOf", "anyOf") for each in raw.get(key, [])]
        if not variants or not all("$ref" in each for each in variants):
            problem = "a discriminator tells the schemas apart that `oneOf` or `anyOf` refers to, and there are none"
            remedy = "list the variants as `$ref`s in `oneOf` where they are used, with the discriminator beside it"
            yield Finding((*steps, "discriminator"), problem, remedy)
        for index, each in enumerate(variants):
            name = raw["discriminator"]["propertyName"]
            if "$ref" in each and name not in document.properties(each):
                remedy = "describe and require it there; the discriminator reads it"
                yield Finding((*steps, str(index)), f"`{each['$ref']}` has no property `{name}`", remedy)
    if raw.get("type") in {"boolean", "number"} and "enum" in raw:
        problem, remedy = f"an enum of the type {raw['type']} becomes no class", "leave `enum` out, or make it strings"
        yield Finding((*steps, "enum"), problem, remedy)


def _bodies(document: Document, operation: Operation) -> Iterator[Finding]:
    body = document.resolve(operation.raw.get("requestBody", {}))
    for name, media in body.get("content", {}).items():
        steps, schema = (*document.steps_of(media), "schema"), document.resolve(media.get("schema", {}))
        kind = read_as(name, schema)
        if kind == TEXT:
            yield Finding(steps, f"a body of `{name}` can be sent as bytes alone", AS_BYTES)
        if is_json(name):
            yield from _binary(document, name, schema, steps)
        if kind in FORMS:
            parts = document.parts(schema)
            if not document.properties(schema) or any(key in part for part in parts for key in ("oneOf", "anyOf")):
                yield Finding(
                    steps, f"a form holds the properties of one object, and `{name}` has none here", "describe them"
                )
            for field, each in document.properties(schema).items() if kind == URLENCODED else ():
                kinds, items, _ = _kinds(document, each)
                if "object" in kinds or items & COMPOSITE:
                    problem = f"`{field}` is an object or a list of lists, which has no spelling in `{name}`"
                    yield Finding(steps, problem, f"send {JSON} or multipart/form-data, or make it a string")


def _answers(document: Document, operation: Operation) -> Iterator[Finding]:
    for response in operation.successes:
        if not (name := preferred(response.content)):
            continue
        media = response.content[name]
        steps, schema = (*document.steps_of(media), "schema"), document.resolve(media.get("schema", {}))
        if plain(name) == "text/event-stream":
            problem, remedy = "an event stream has no end, and the client reads whole answers", "leave it out"
            yield Finding(steps[:-1], problem, remedy)
        elif is_json(name):
            yield from _binary(document, name, schema, steps)
        elif read_as(name, schema) == TEXT and schema.get("type", "string") != "string":
            yield Finding(steps, f"`{name}` is text, and no {schema['type']}", "describe it as `type: string`")


def _binary(document: Document, name: str, schema: Any, steps: Steps) -> Iterator[Finding]:
    if any(each.get("format") == "binary" and each.get("type") == "string" for each in reached(document, schema)):
        remedy = "use `format: byte`, which is Base64, or send it as multipart/form-data"
        yield Finding(steps, f"`{name}` cannot hold `format: binary`", remedy)
