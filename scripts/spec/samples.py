"""Sample values of a schema: those that the document gives, else the plainest that the schema allows."""

import json
from collections.abc import Mapping
from typing import Any

from .document import Document

DEEPEST = 6
GIVEN = ("example", "default", "const")
OF_TYPE: dict[str, Any] = {"integer": 1, "number": 1.5, "boolean": True}
OF_FORMAT = {
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "uri": "https://example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def sample(document: Document, schema: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a value of a schema as the server would send it: of an object, what is always there."""
    schema = document.resolve(schema)
    given = [schema[key] for key in GIVEN if key in schema] + schema.get("enum", [])
    choices = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
    kind = schema.get("type", "object" if "properties" in schema or "allOf" in schema else "string")
    if isinstance(kind, list):  # the generator notes a nullable type so
        kind = next((each for each in kind if each != "null"), "null")
    if given:
        # YAML makes a date of what JSON has as a string.
        value = json.loads(json.dumps(given[0], default=str))
    elif choices:
        value = sample(document, choices[0], depth + 1)
    elif kind == "object":
        firsts = {rule["of"][0] for rule in schema.get("x-first-of", {}).values()}
        always = ({*schema.get("required", [])} | firsts) if depth < DEEPEST else set()
        fields = document.properties(schema).items()
        value = {name: sample(document, each, depth + 1) for name, each in fields if name in always}
    elif kind == "array":
        value = [sample(document, schema.get("items", {}), depth + 1)] if depth < DEEPEST else []
    elif kind == "string":
        value = OF_FORMAT.get(schema.get("format", ""), "...".ljust(schema.get("minLength", 0), "."))
    else:
        value = schema.get("minimum", OF_TYPE.get(kind))
    return value
