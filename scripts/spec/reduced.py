"""The part of a document that becomes code, in the terms of openapi-python-client."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from .document import METHODS, Document, is_error
from .media import BINARY, BYTES, TEXT, is_json, preferred, read_as
from .source import SpecError

TOLD_BY = "x-told-by"
"""On a variant of a union with a discriminator: the values that its properties have then."""


def reduced(document: Document) -> dict[str, Any]:
    """Give the document as the generator is to see it."""
    made = copy.deepcopy(document)
    # It does not follow references to paths.
    made.raw["paths"] = {path: made.resolve(item) for path, item in made.raw["paths"].items()}
    operations = [item[method] for item in made.raw["paths"].values() for method in METHODS if method in item]
    for operation in operations:
        _reduce_responses(made, operation.get("responses", {}))
        _reduce_content(made, made.resolve(operation.get("requestBody", {})).get("content", {}))
    sent = [operation.get(key) for operation in operations for key in ("requestBody", "parameters")]
    received = [operation.get(key) for operation in operations for key in ("responses", "callbacks")]
    for key, nodes in (("readOnly", sent), ("writeOnly", received)):
        for schema in reached(made, nodes):
            _demand_less(made, schema, key)
    for place in list(made.of("schema")):
        _reduce_schema(made, place.value)
    result: dict[str, Any] = made.raw
    return result


def overrides(document: Document) -> dict[str, str]:
    """Return the media types that the generator does not know, with the ones that it is to take them for."""
    places = {place.steps[-1]: place for place in document.of("media type") if place.steps[-2] == "content"}
    read = {name: read_as(name, document.resolve(place.value.get("schema", {}))) for name, place in places.items()}
    return {name: kind for name, kind in read.items() if kind in {BYTES, TEXT} and kind != name}


def _reduce_responses(document: Document, responses: dict[str, Any]) -> None:
    """Leave out the bodies of errors, which become no models, and of the others all media types but one."""
    for status, response in responses.items():
        resolved = document.resolve(response)
        if is_error(str(status), responses):
            responses[status] = {"description": resolved.get("description", "")}
        elif name := preferred(content := resolved.get("content", {})):
            responses[status] = {**resolved, "content": {name: content[name]}}
            _reduce_content(document, responses[status]["content"])


def _reduce_content(document: Document, content: dict[str, Any]) -> None:
    """Say what is in a body where the document leaves it to the media type."""
    for name, media in content.items():
        kind = read_as(name, document.resolve(media.get("schema", {})))
        if kind == BYTES:
            content[name] = {**media, "schema": dict(BINARY)}
        elif "schema" not in media and (kind == TEXT or is_json(name)):
            content[name] = {**media, "schema": {"type": "string"} if kind == TEXT else {}}


def _demand_less(document: Document, schema: dict[str, Any], key: str) -> None:
    """Demand no property that only the other side sends."""
    properties = document.properties(schema)
    others = {name for name, each in properties.items() if document.resolve(each).get(key) is True}
    for part in document.parts(schema) if others else ():
        if isinstance(part.get("required"), list):
            part["required"] = [name for name in part["required"] if name not in others]


def _reduce_schema(document: Document, schema: dict[str, Any]) -> None:
    if isinstance(reads_as := schema.get("x-reads-as"), str):
        schema["format"] = reads_as
    if schema.get("nullable") is True and isinstance(schema.get("enum"), list):
        # As it stands, the generator would make an enum for each way to combine "null" and the values.
        values = {**schema, "enum": [value for value in schema["enum"] if value is not None]}
        values.pop("nullable")
        kept: dict[str, Any] = {key: schema[key] for key in ("description", "example") if key in schema}
        schema.clear()
        schema.update(kept, oneOf=[{"type": "null"}, values])
    if isinstance(discriminator := schema.get("discriminator"), dict):
        name = discriminator["propertyName"]
        for variant, said in _variants(schema, discriminator).items():
            told: dict[str, list[str]] = document.resolve({"$ref": variant}).setdefault(TOLD_BY, {})
            told[name] = [*told.get(name, []), *said]


def _variants(schema: dict[str, Any], discriminator: dict[str, Any]) -> dict[str, list[str]]:
    """Return the values of a discriminator for each of the variants, by their references."""
    refs = [each["$ref"] for key in ("oneOf", "anyOf") for each in schema.get(key, [])]
    mapping = {
        value: name if "/" in name or "#" in name else f"#/components/schemas/{name}"
        for value, name in discriminator.get("mapping", {}).items()
    }
    named = {ref: [value for value, target in mapping.items() if target == ref] for ref in refs}
    return {ref: values or [ref.rsplit("/", 1)[-1]] for ref, values in named.items()}


def reached(document: Document, node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a part of a document, and in what it refers to, once."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        node = todo.pop()
        with suppress(SpecError):  # what an example holds under `$ref` is data
            node = document.resolve(node)
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            todo += node.values()
            yield node
