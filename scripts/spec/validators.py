"""What openapi-spec-validator and openapi-schema-validator say of a document, each with its place."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import OpenAPIV30SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from .document import Document
from .source import Finding, Level, Steps, pointer

LONGEST_MESSAGE = 160
REMEDY = "correct it as OpenAPI 3.0.3 wants it"


def shape(document: Document) -> Iterator[Finding]:
    """Everything is where OpenAPI wants it and of the type that it wants."""
    if isinstance(document.raw, dict) and not str(document.raw.get("openapi")).startswith("3.0."):
        said = f"`openapi` is {document.raw['openapi']}" if "openapi" in document.raw else "there is no `openapi`"
        steps = ("openapi",) if "openapi" in document.raw else ()
        yield Finding(steps, f"{said}: this is no document of OpenAPI 3.0", "write it as `openapi: 3.0.3` wants it")
        return
    for error in OpenAPIV30SpecValidator.schema_validator.iter_errors(document.raw):
        cause = _cause(error)
        problem = re.sub("not match any of the regexes: .*", "not belong here", cause.message)
        yield Finding(_steps(cause), _short(problem), REMEDY)


def values(document: Document) -> Iterator[Finding]:
    """Every example, every default and every value of an enum is accepted by its own schema."""
    registry = Registry().with_resource("urn:spec", DRAFT4.create_resource(document.raw))
    for schema, steps, value in _values(document):
        ref = {"$ref": f"urn:spec{quote(pointer(schema), safe='#/~')}"}
        validator = OAS30Validator(ref, registry=registry, format_checker=oas30_format_checker)
        # Of several complaints about one and the same place, such as a null, the last is the plainest.
        for where, message in {_steps(error): error.message for error in validator.iter_errors(value)}.items():
            problem = f"its own schema rejects this: {_short(message)}"
            level = Level.STYLE if steps[-1] in {"example", "value"} else Level.ERROR
            yield Finding((*steps, *where), problem, "correct the value or the schema", level=level)


def _values(document: Document) -> Iterator[tuple[Steps, Steps, Any]]:
    """List the values that are given for a schema: the schema, where the value stands, and the value."""
    for place in document.of("schema", "media type", "parameter", "header"):
        schema = place.steps if place.kind == "schema" else (*place.steps, "schema")
        if pointer(schema) not in document.places:
            continue
        for index, value in enumerate(place.value.get("enum", [])):
            yield schema, (*place.steps, "enum", str(index)), value
        for key in {"default", "example"} & place.value.keys():
            yield schema, (*place.steps, key), place.value[key]
        for example in map(document.resolve, place.value.get("examples", {}).values()):
            if "value" in example:
                yield schema, (*document.steps_of(example), "value"), example["value"]


def _cause(error: ValidationError) -> ValidationError:
    """Descend into the alternatives that a value was tried as, to the complaint about what it was meant as."""
    while error.context:
        others = {each.relative_schema_path[0] for each in error.context if _is_another_kind(each)}
        meant = [each for each in error.context if each.relative_schema_path[0] not in others]
        if not meant:
            break
        error = max(meant, key=lambda each: len(each.absolute_path))
    return error


def _is_another_kind(error: ValidationError) -> bool:
    """Return whether the value is no reference, or not of the `type` or `in` that the alternative is for."""
    wanted = error.validator_value
    if error.validator == "enum":
        return isinstance(wanted, list) and len(wanted) == 1
    return error.validator == "required" and wanted == ["$ref"]


def _steps(error: ValidationError) -> Steps:
    return tuple(map(str, error.absolute_path))


def _short(message: str) -> str:
    """Cut the middle out of a long message: it shows the value at its beginning, and the complaint at its end."""
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:70]} ... {message[-80:]}"
