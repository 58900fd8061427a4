"""The rules of a document beyond what a validator of OpenAPI finds."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote, unquote

from jsonschema import ValidationError
from openapi_python_client import strings
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import OpenAPIV30SpecValidator
from openapi_spec_validator.validation.exceptions import DuplicateOperationIDError
from referencing import Registry
from referencing.jsonschema import DRAFT4

from .document import Document
from .extensions import extensions
from .tree import COMPONENTS, Finding, Level, Place, Steps, Tree, pointer

LONGEST_MESSAGE = 160
OPERATIONS_NEED = {
    "operationId": "name it; the client's method gets this name",
    "tags": "give it a tag; the client groups its methods by tag",
    "security": "say how a caller proves who they are, or `[]` for a public operation; the generator reads no other",
}


def check(document: Document) -> list[Finding]:
    """Apply every rule to a document; give what is wrong by line."""
    tree = document.tree
    unreadable = [*shape(tree), *references(tree)]
    found = [*tree.yaml_findings, *unreadable, *extensions(tree)]
    found += [*names(tree), *operations(tree), *required_properties(tree), *unused_components(tree)]
    # These hand the document to what ends in a traceback where the shape, a reference or a rule is bad.
    if not unreadable:
        found += [*meaning(tree), *values(tree)]
    if max((finding.level for finding in found), default=Level.NOTE) < Level.ERROR:
        found += methods(document)
    # Aliases put one mistake into several places; it is one line to correct.
    unique = {(finding.line or tree.line(finding.steps), finding.problem): finding for finding in found}
    return [unique[key] for key in sorted(unique)]


def report(document: Document, findings: Iterable[Finding]) -> Iterator[str]:
    """Write the line of each finding."""
    for finding in findings:
        line = finding.line or document.line(finding.steps)
        note = "note: " if finding.level is Level.NOTE else ""
        yield f"{document.name}:{line}: {note}{pointer(finding.steps)}: {finding.problem}; {finding.remedy}"


def shape(tree: Tree) -> Iterator[Finding]:
    """Everything is where OpenAPI wants it and of the type that it wants."""
    for error in OpenAPIV30SpecValidator.schema_validator.iter_errors(tree.root):
        cause = _cause(error)
        problem = re.sub("not match any of the regexes: .*", "not belong here", cause.message)
        yield Finding(_steps(cause), _short(problem), "correct it as OpenAPI 3.0.3 wants it")


def meaning(tree: Tree) -> Iterator[Finding]:
    """Defaults, path parameters and tags are as openapi-spec-validator wants them."""
    for error in OpenAPIV30SpecValidator(tree.root).iter_errors():
        if isinstance(error, DuplicateOperationIDError):
            continue  # `operations` says the same, with the lines
        # Patterns are written in JavaScript's dialect, which Python does not know in full.
        level = Level.STYLE if error.validator == "format" else Level.ERROR
        remedy = "correct it as OpenAPI 3.0.3 wants it"
        yield Finding(_guess_place(tree, error), _short(error.message), remedy, level=level)


def references(tree: Tree) -> Iterator[Finding]:
    """Every reference leads to an object of the kind that its place asks for."""
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
    """Every tag is declared; every link leads to an operation, with parameters that this has."""
    tags = {place.text("name") for place in tree.of("tag")}
    for place in tree.of("operation"):
        for step, tag in place.names("tags"):
            if tag not in tags:
                remedy = "correct it, or declare it in `tags` at the top"
                steps = (*place.steps, "tags", step)
                yield Finding(steps, f"the tag `{tag}` is not declared", remedy, level=Level.STYLE)
    targets = {place.text("operationId"): place for place in tree.of("operation")}
    for place in tree.of("link"):
        name = place.text("operationId")
        if name in targets:
            yield from _link_parameters(tree, place, targets[name])
        elif name:
            remedy = f"correct it; known: {', '.join(sorted(filter(None, targets)))}"
            yield Finding((*place.steps, "operationId"), f"there is no operation `{name}`", remedy)


def operations(tree: Tree) -> Iterator[Finding]:
    """Every operation has a name of its own, a tag, a security and a documented refusal."""
    first: dict[str, Place] = {}
    for place in tree.of("operation"):
        if place.steps[0] != "paths" or "callbacks" in place.steps:
            continue  # what a callback documents is somebody else's operation
        given = {key for key, value in place.value.items() if value or key == "security"}
        for key in OPERATIONS_NEED.keys() - given:
            yield Finding(place.steps, f"the operation has no `{key}`", OPERATIONS_NEED[key], level=Level.STYLE)
        if not any(re.fullmatch("4(XX|[0-9]{2})", status) for status in place.mapping("responses")):
            remedy = "say how it refuses a request, in a response `4XX`"
            yield Finding(place.steps, "the operation has no 4XX response", remedy, level=Level.STYLE)
        name = place.text("operationId") or pointer(place.steps)
        if first.setdefault(name, place) is not place:
            line = tree.line((*first[name].steps, "operationId"))
            problem = f"the operationId `{name}` is taken by the operation in line {line}"
            yield Finding((*place.steps, "operationId"), problem, "give each operation a name of its own")


def methods(document: Document) -> Iterator[Finding]:
    """No two methods of a tag get the same name, by whatever rule each is made."""
    first: dict[tuple[str, str], Steps] = {}
    told: set[Steps] = set()
    for tag, name, steps in _methods(document):
        key = (tag, strings.snake_case(name))
        other = first.setdefault(key, steps)
        if other != steps and steps not in told:
            told.add(steps)
            problem = f"the tag `{tag}` already has a method `{key[1]}`, from line {document.line(other)}"
            yield Finding(steps, problem, "give each a name of its own")


def _methods(document: Document) -> Iterator[tuple[str, str, Steps]]:
    """List the methods that a document asks for: their tags, their names, and where they are asked for."""
    waits = {operation.id: operation.wait for operation in document.operations if operation.wait}
    for operation in document.operations:
        tag, steps, name = operation.tag, operation.steps, operation.id or f"{operation.method}_{operation.path}"
        yield tag, name, (*steps, "operationId")
        yield tag, f"{name}_detailed", (*steps, "operationId")
        if operation.wait:
            yield tag, operation.wait.method, (*steps, "x-wait", "method")
        if operation.pagination:
            yield tag, operation.pagination.method, (*steps, "x-pagination", "method")
        links = (link for response in operation.responses.values() for link in response.links.values())
        if wait := next((waits[link["operationId"]] for link in links if link.get("operationId") in waits), None):
            yield tag, f"{name}_and_{wait.method}", (*steps, "operationId")
    for tag in dict.fromkeys(operation.tag for operation in document.operations):
        for steps, rule in _downloads(document, tag):
            yield tag, rule["method"], (*steps, "x-download", "method")


def _downloads(document: Document, tag: str) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """List the files to download in what the operations of a tag answer, and where they are described."""
    found: dict[Steps, dict[str, Any]] = {}
    for operation in document.operations:
        for response in operation.successes if operation.tag == tag else ():
            for content in response.content.values():
                schema = document.resolve(content.get("schema", {}))
                if "x-download" in schema:
                    found[document.tree.steps_of(schema)] = schema["x-download"]
    yield from found.items()


def required_properties(tree: Tree) -> Iterator[Finding]:
    """`required` names only properties that the schema has."""
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
    """Every component is reached from the paths, directly or through others."""
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
            problem = f"no operation uses the {place.kind} `{place.steps[-1]}`"
            yield Finding(place.steps, problem, "use or remove it", level=Level.STYLE)


def values(tree: Tree) -> Iterator[Finding]:
    """Every example and every value of an enum is accepted by its own schema."""
    registry = Registry().with_resource("urn:spec", DRAFT4.create_resource(tree.root))
    for schema, steps, value in _values(tree):
        ref = {"$ref": f"urn:spec{quote(pointer(schema), safe='#/~')}"}
        validator = OAS30Validator(ref, registry=registry, format_checker=oas30_format_checker)
        # Of several complaints about one and the same place, such as a null, the last is the plainest.
        for where, message in {_steps(error): error.message for error in validator.iter_errors(value)}.items():
            problem = f"its own schema rejects this: {_short(message)}"
            level = Level.ERROR if "enum" in steps else Level.STYLE
            yield Finding((*steps, *where), problem, "correct the value or the schema", level=level)


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
