"""The part of a document that becomes code, in the terms of openapi-python-client."""

import copy
from collections.abc import Iterator
from typing import Any

from .document import METHODS, Document, is_error


def reduced(document: Document) -> dict[str, Any]:
    """Give the document as the generator is to see it.

    Errors are raised, not parsed into models, so their bodies are left out; an unknown media type in one of them is no
    reason to fail.
    """
    made: dict[str, Any] = copy.deepcopy(document.raw)
    for item in made["paths"].values():
        for responses in (item[method].get("responses", {}) for method in METHODS if method in item):
            for status, response in responses.items():
                if is_error(str(status), responses):
                    responses[status] = {"description": document.resolve(response).get("description", "")}
    for schema in list(_mappings_in(made)):
        if isinstance(reads_as := schema.get("x-reads-as"), str):
            schema["format"] = reads_as
        if schema.get("nullable") is True and isinstance(schema.get("enum"), list):
            # As it stands, the generator would make an enum for each way to combine "null" and the values.
            values = {**schema, "enum": [value for value in schema["enum"] if value is not None]}
            values.pop("nullable")
            kept: dict[str, Any] = {key: schema[key] for key in ("description", "example") if key in schema}
            schema.clear()
            schema.update(kept, oneOf=[{"type": "null"}, values])
    return made


def _mappings_in(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in the document, the outer ones first."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _mappings_in(child)
