"""Check openapi.yaml beyond what a validator of OpenAPI finds.

Usage: check_spec.py [FILE]

Every finding is printed, with its line, its place as a JSON pointer, what is wrong and what to do about it; the exit
status is then 1.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import OpenAPIV30SpecValidator
from openapi_spec_validator.validation.exceptions import DuplicateOperationIDError
from referencing import Registry
from referencing.jsonschema import DRAFT4

from .extensions import extensions
from .tree import SpecError, Place, Tree, Steps, pointer, read

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MESSAGE = 160
OPERATIONS_NEED = {
    "operationId": "name it; the client's method gets this name",
    "tags": "give it a tag; the client groups its methods by tag",
    "security": "say how a caller proves who they are, or `[]` for a public operation; the generator reads no other",
}


def check(tree: Tree) -> Iterator[Finding]:
    """Apply every rule to a document.

    Args:
        tree: The document.

    Yields:
        What is wrong, in no particular order.
    """
    yield from tree.yaml_findings
    unreadable = [*shape(tree), *references(tree)]
    yield from unreadable
    yield from names(tree)
    yield from operations(tree)
    yield from required_properties(tree)
    yield from unused_components(tree)
    yield from extensions(tree)
    # These two hand the document to libraries, which end in a traceback where the shape or a reference is bad.
    if not unreadable:
        yield from meaning(tree)
        yield from values(tree)


def shape(tree: Tree) -> Iterator[Finding]:
    """Everything is where OpenAPI wants it and of the type that it wants.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    for error in OpenAPIV30SpecValidator.schema_validator.iter_errors(tree.root):
        cause = _cause(error)
        problem = re.sub("not match any of the regexes: .*", "not belong here", cause.message)
        yield Finding(_steps(cause), _short(problem), "correct it as OpenAPI 3.0.3 wants it")


def meaning(tree: Tree) -> Iterator[Finding]:
    """Defaults, path parameters and tags are as openapi-spec-validator wants them.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    for error in OpenAPIV30SpecValidator(tree.root).iter_errors():
        if isinstance(error, DuplicateOperationIDError):
            continue  # `operations` says the same, with the lines
        yield Finding(_guess_place(tree, error), _short(error.message), "correct it as OpenAPI 3.0.3 wants it")


def references(tree: Tree) -> Iterator[Finding]:
    """Every reference leads to an object of the kind that its place asks for.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    for steps, kind, ref in _references(tree):
        target = tree.places.get(unquote(ref))
        if not ref.startswith("#"):
            yield Finding(steps, f"`{ref}` is outside of this document", "copy what is meant to `components`")
        elif target is None:
            yield Finding(steps, f"`{ref}` does not exist", _did_you_mean(tree, kind, ref))
        elif target.kind != kind:
            yield Finding(steps, f"`{ref}` is of the kind {target.kind}", f"refer to one of the kind {kind}")
        elif _circular(tree, target):
            yield Finding(steps, f"`{ref}` leads back to itself", "write out what is meant in one of the places")


def names(tree: Tree) -> Iterator[Finding]:
    """Every tag is declared; every link leads to an operation, with parameters that this has.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    tags = {place.text("name") for place in tree.of("tag")}
    for place in tree.of("operation"):
        for step, tag in place.names("tags"):
            if tag not in tags:
                remedy = "correct it, or declare it in `tags` at the top"
                yield Finding((*place.steps, "tags", step), f"the tag `{tag}` is not declared", remedy)
    targets = {place.text("operationId"): place for place in tree.of("operation")}
    for place in tree.of("link"):
        name = place.text("operationId")
        if name in targets:
            yield from _link_parameters(tree, place, targets[name])
        elif name:
            remedy = f"correct it; known: {', '.join(sorted(filter(None, targets)))}"
            yield Finding((*place.steps, "operationId"), f"there is no operation `{name}`", remedy)


def operations(tree: Tree) -> Iterator[Finding]:
    """Every operation has a name of its own, a tag, a security and a documented refusal.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    first: dict[str, Place] = {}
    for place in tree.of("operation"):
        if place.steps[0] != "paths" or "callbacks" in place.steps:
            continue  # what a callback documents is somebody else's operation
        given = {key for key, value in place.value.items() if value or key == "security"}
        for key in OPERATIONS_NEED.keys() - given:
            yield Finding(place.steps, f"the operation has no `{key}`", OPERATIONS_NEED[key])
        if not any(re.fullmatch("4(XX|[0-9]{2})", status) for status in place.mapping("responses")):
            remedy = "say how it refuses a request, in a response `4XX`"
            yield Finding(place.steps, "the operation has no 4XX response", remedy)
        name = place.text("operationId") or pointer(place.steps)
        if first.setdefault(name, place) is not place:
            line = tree.line((*first[name].steps, "operationId"))
            problem = f"the operationId `{name}` is taken by the operation in line {line}"
            yield Finding((*place.steps, "operationId"), problem, "give each operation a name of its own")


def required_properties(tree: Tree) -> Iterator[Finding]:
    """`required` names only properties that the schema has.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    for place in tree.of("schema"):
        steps = place.steps
        # The parts of a composed schema may require each other's properties.
        while len(steps) > 1 and steps[-2] in {"allOf", "oneOf", "anyOf"}:
            steps = steps[:-2]
        known = tree.properties(tree.places[pointer(steps)])
        for step, name in place.names("required"):
            if name not in known:
                where = (*place.steps, "required", step)
                yield Finding(where, f"there is no property `{name}` to require", "correct it, or describe it")


def unused_components(tree: Tree) -> Iterator[Finding]:
    """Every component is reached from the paths, directly or through others.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    uses: defaultdict[Steps, set[Steps]] = defaultdict(set)
    for steps, _, ref in _references(tree):
        if target := tree.places.get(unquote(ref)):
            uses[_component(steps)].add(_component(target.steps))
    reached: set[Steps] = {()}
    todo: list[Steps] = [()]
    while todo:
        new = uses[todo.pop()] - reached
        reached |= new
        todo += new
    for place in tree.places.values():
        if place.kind in COMPONENTS.values() and place.steps == _component(place.steps) and place.steps not in reached:
            yield Finding(place.steps, f"no operation uses the {place.kind} `{place.steps[-1]}`", "use or remove it")


def values(tree: Tree) -> Iterator[Finding]:
    """Every example and every value of an enum is accepted by its own schema.

    Args:
        tree: The document.

    Yields:
        What is wrong.
    """
    registry = Registry().with_resource("urn:spec", DRAFT4.create_resource(tree.root))
    for schema, steps, value in _values(tree):
        ref = {"$ref": f"urn:spec{quote(pointer(schema), safe='#/~')}"}
        validator = OAS30Validator(ref, registry=registry, format_checker=oas30_format_checker)
        # Of several complaints about one and the same place, such as a null, the last is the plainest.
        for where, message in {_steps(error): error.message for error in validator.iter_errors(value)}.items():
            problem = f"its own schema rejects this: {_short(message)}"
            yield Finding((*steps, *where), problem, "correct the value or the schema")


def _references(tree: Tree) -> Iterator[tuple[Steps, str, str]]:
    """List all references: where they stand, the kind of object they ask for, and the pointer they lead by."""
    for place in tree.places.values():
        if "$ref" in place.value:
            yield (*place.steps, "$ref"), place.kind, str(place.value["$ref"])
    for place in tree.of("security requirement"):
        for name in place.value:
            yield (*place.steps, name), "security scheme", pointer(("components", "securitySchemes", name))
    for place in tree.of("discriminator"):
        for key, name in place.mapping("mapping").items():
            ref = str(name) if set("#/.") & set(str(name)) else pointer(("components", "schemas", str(name)))
            yield (*place.steps, "mapping", key), "schema", ref
    for place in tree.of("link"):
        if ref := place.text("operationRef"):
            yield (*place.steps, "operationRef"), "operation", ref


def _did_you_mean(tree: Tree, kind: str, ref: str) -> str:
    known = {place.steps[-1]: pointer(place.steps) for place in tree.of(kind) if place.steps == _component(place.steps)}
    close = get_close_matches(ref.rsplit("/", 1)[-1], known, n=1)
    return f"did you mean `{known[close[0]]}`?" if close else f"correct it, or add that {kind}"


def _circular(tree: Tree, place: Place | None) -> bool:
    seen: set[str] = set()
    while place is not None and "$ref" in place.value:
        if pointer(place.steps) in seen:
            return True
        seen.add(pointer(place.steps))
        place = tree.places.get(unquote(str(place.value["$ref"])))
    return False


def _link_parameters(tree: Tree, link: Place, operation: Place) -> Iterator[Finding]:
    known = {place.text("name") for place in tree.parameters(operation)}
    for name in link.mapping("parameters"):
        if name.rpartition(".")[-1] not in known:
            steps = (*link.steps, "parameters", name)
            problem = f"the operation `{operation.text('operationId')}` has no parameter `{name}`"
            yield Finding(steps, problem, f"correct it; known: {', '.join(sorted(known))}")


def _component(steps: Steps) -> Steps:
    """Give the component that a place is in; nothing for a place that is in none."""
    return steps[:3] if steps[:1] == ("components",) else ()


def _values(tree: Tree) -> Iterator[tuple[Steps, Steps, Any]]:
    """List the values that are given for a schema: the schema, where the value stands, and the value."""
    for place in tree.of("schema", "media type", "parameter", "header"):
        schema = place.steps if place.kind == "schema" else (*place.steps, "schema")
        if pointer(schema) not in tree.places:
            continue
        for step, value in place.items("enum"):
            yield schema, (*place.steps, "enum", step), value
        if "example" in place.value:
            yield schema, (*place.steps, "example"), place.value["example"]
        for name in place.mapping("examples"):
            example = tree.child(place, "examples", name)
            if example and "value" in example.value:
                yield schema, (*example.steps, "value"), example.value["value"]


def _guess_place(tree: Tree, error: ValidationError) -> Steps:
    """Find the place of an error that has none: the default of the schema it holds, or the operation it mentions."""
    for place in tree.of("schema"):
        if place.value is error.schema:
            return (*place.steps, "default")
    for place in tree.of("operation"):
        if f"'{place.steps[-1]}' operation in '{place.steps[-2]}'" in error.message:
            return place.steps
    return ()


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
    """Tell whether the value is no reference, or not of the `type` or `in` that the alternative is for."""
    wanted = error.validator_value
    if error.validator == "enum":
        return isinstance(wanted, list) and len(wanted) == 1
    return error.validator == "required" and wanted == ["$ref"]


def _steps(error: ValidationError) -> Steps:
    return tuple(str(step) for step in error.absolute_path)


def _short(message: str) -> str:
    """Cut the middle out of a long message: it shows the value at its beginning, and the complaint at its end."""
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:70]} ... {message[-80:]}"


def _fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
