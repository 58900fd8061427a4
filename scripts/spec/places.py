"""What each object in a document is, as the JSON Schema of OpenAPI 3.0 has it.

What the schema does not describe (examples, defaults, enums) is data, not OpenAPI, so a `$ref` in it means nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from openapi_spec_validator import OpenAPIV30SpecValidator

from .source import Steps

SCHEMA: Mapping[str, Any] = OpenAPIV30SpecValidator.schema_validator.schema


@attrs.frozen
class Place:
    """An object in the document, and what OpenAPI calls its kind."""

    kind: str
    steps: Steps
    value: dict[str, Any]


def places(
    value: object, form: Mapping[str, Any] = SCHEMA, kind: str = "document", steps: Steps = ()
) -> Iterator[Place]:
    """Walk through a value and all that is in it, in the order of the document."""
    for each in form.get("oneOf", [form]):
        name = each.get("$ref", "#/definitions/Reference").removeprefix("#/definitions/")
        if name != "Reference":
            form, kind = SCHEMA["definitions"][name], _in_words(name)
            break
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, form.get("items", {}), "", (*steps, str(index)))
    if isinstance(value, dict):
        if kind:
            yield Place(kind, steps, value)
        # What stands beside a reference is ignored.
        for key, child in value.items() if "$ref" not in value or not kind else ():
            yield from places(child, _form_of(key, form), "", (*steps, key))


def _form_of(key: str, form: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find what a schema says of a property."""
    patterns = (found for pattern, found in form.get("patternProperties", {}).items() if re.search(pattern, key))
    found = form.get("properties", {}).get(key) or next(patterns, form.get("additionalProperties"))
    return found if isinstance(found, dict) else {}


def _in_words(name: str) -> str:
    """Write `PathItem` as `path`, and `RequestBody` as `request body`."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower().removesuffix(" item")
