"""The rules of a document beyond what a validator of OpenAPI finds.

They come in steps, each of which may rely on what the ones before it found right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from openapi_python_client import strings

from .document import Document, Operation
from .extensions import forms, meanings
from .source import Finding, Level, Steps, pointer
from .validators import meaning, shape, values

OPERATIONS_NEED = {
    "operationId": "name it; the client's method gets this name",
    "tags": "give it a tag; the client groups its methods by tag",
    "security": "say how a caller proves who they are, or `[]` for a public operation; the generator reads no other",
}

LONGEST_NAME = 100


def check(document: Document) -> list[Finding]:
    """Apply every rule to a document; give what is wrong by line."""
    found = [*document.source.findings, *shape(document)]
    if len(found) == len(document.source.findings):
        unreadable = [*references(document), *forms(document)]
        found += [*unreadable, *tags(document), *operations(document)]
        found += [*long_names(document), *required_properties(document), *enums(document), *unused_components(document)]
        if not unreadable:
            found += [*links(document), *meanings(document), *meaning(document), *values(document)]
        if all(finding.level < Level.ERROR for finding in found):
            found += methods(document)
    # Aliases put one mistake into several places; it is one line to correct.
    unique = {(finding.line or document.line(finding.steps), finding.problem): finding for finding in found}
    return [unique[key] for key in sorted(unique)]


def report(document: Document, findings: Iterable[Finding]) -> Iterator[str]:
    """Write the line of each finding."""
    for finding in findings:
        line = finding.line or document.line(finding.steps)
        note = "note: " if finding.level is Level.NOTE else ""
        yield f"{document.name}:{line}: {note}{pointer(finding.steps)}: {finding.problem}; {finding.remedy}"


def references(document: Document) -> Iterator[Finding]:
    """Every reference leads to an object of the kind that its place asks for."""
    for steps, kind, ref in _references(document):
        target = document.places.get(unquote(ref))
        if not ref.startswith("#"):
            yield Finding(steps, f"`{ref}` is outside of this document", "copy what is meant to `components`")
        elif target is None:
            yield Finding(steps, f"`{ref}` does not exist", _did_you_mean(document, kind, ref))
        elif target.kind != kind:
            yield Finding(steps, f"`{ref}` is of the kind {target.kind}", f"refer to one of the kind {kind}")
        elif _circular(document, ref):
            yield Finding(steps, f"`{ref}` leads back to itself", "write out what is meant in one of the places")


def _references(document: Document) -> Iterator[tuple[Steps, str, str]]:
    """List all references: where they stand, the kind of object they ask for, and the pointer they lead by."""
    for place in document.places.values():
        if "$ref" in place.value:
            yield (*place.steps, "$ref"), place.kind, str(place.value["$ref"])
    for place in document.of("security requirement"):
        for name in place.value:
            yield (*place.steps, name), "security scheme", pointer(("components", "securitySchemes", name))
    for place in document.of("discriminator"):
        for key, name in place.value.get("mapping", {}).items():
            ref = name if set("#/.") & set(name) else pointer(("components", "schemas", name))
            yield (*place.steps, "mapping", key), "schema", ref
    for place in document.of("link"):
        if ref := place.value.get("operationRef"):
            yield (*place.steps, "operationRef"), "operation", ref


def _did_you_mean(document: Document, kind: str, ref: str) -> str:
    known = {place.steps[-1]: pointer(place.steps) for place in document.of(kind) if place.steps == _owner(place.steps)}
    close = get_close_matches(ref.rsplit("/", 1)[-1], known, n=1)
    return f"did you mean `{known[close[0]]}`?" if close else f"correct it, or add that {kind}"


def _circular(document: Document, ref: str) -> bool:
    seen: set[str] = set()
    while (place := document.places.get(unquote(ref))) and "$ref" in place.value and ref not in seen:
        seen.add(ref)
        ref = str(place.value["$ref"])
    return ref in seen


def _owner(steps: Steps) -> Steps:
    """Give the component that a place is in; nothing for a place that is in none."""
    return steps[:3] if steps[:1] == ("components",) else ()


def tags(document: Document) -> Iterator[Finding]:
    """Every tag is declared."""
    known = {place.value["name"] for place in document.of("tag")}
    for place in document.of("operation"):
        for index, tag in enumerate(place.value.get("tags", [])):
            if tag not in known:
                remedy, steps = "correct it, or declare it in `tags` at the top", (*place.steps, "tags", str(index))
                yield Finding(steps, f"the tag `{tag}` is not declared", remedy, level=Level.STYLE)


def links(document: Document) -> Iterator[Finding]:
    """Every link leads to an operation, with parameters that this has."""
    targets = {operation.id: operation for operation in document.operations if operation.id}
    for place in document.of("link"):
        if name := place.value.get("operationId"):
            if name not in targets:
                remedy = f"correct it; known: {', '.join(sorted(targets))}"
                yield Finding((*place.steps, "operationId"), f"there is no operation `{name}`", remedy)
                continue
            known = {parameter.name for parameter in targets[name].parameters}
            for parameter in place.value.get("parameters", {}):
                if parameter.rpartition(".")[-1] not in known:
                    problem = f"the operation `{name}` has no parameter `{parameter}`"
                    steps = (*place.steps, "parameters", parameter)
                    yield Finding(steps, problem, f"correct it; known: {', '.join(sorted(known))}")


def operations(document: Document) -> Iterator[Finding]:
    """Every operation has a name of its own, a tag, a security and a documented refusal."""
    first: dict[str, Steps] = {}
    for place in document.of("operation"):
        if place.steps[0] != "paths" or "callbacks" in place.steps:
            continue  # what a callback documents is somebody else's operation
        given = {key for key, value in place.value.items() if value or key == "security"}
        for key in OPERATIONS_NEED.keys() - given:
            yield Finding(place.steps, f"the operation has no `{key}`", OPERATIONS_NEED[key], level=Level.STYLE)
        if not any(status.startswith("4") for status in place.value["responses"]):
            remedy = "say how it refuses a request, in a response `4XX`"
            yield Finding(place.steps, "the operation has no 4XX response", remedy, level=Level.STYLE)
        name, steps = place.value.get("operationId", pointer(place.steps)), (*place.steps, "operationId")
        if first.setdefault(name, steps) != steps:
            problem = f"the operationId `{name}` is taken by the operation in line {document.line(first[name])}"
            yield Finding(steps, problem, "give each operation a name of its own")


def long_names(document: Document) -> Iterator[Finding]:
    """Every name that becomes that of a file can be one."""
    for place in document.of("operation", "tag", "schema"):
        key = {"operation": "operationId", "tag": "name"}.get(place.kind)
        name, steps = (place.value.get(key, ""), (*place.steps, key)) if key else (place.steps[-1], place.steps)
        if len(name) > LONGEST_NAME:
            problem = f"`{name[:20]}...` is longer than the name of a file may be"
            yield Finding(steps, problem, f"take {LONGEST_NAME} characters at most")


def required_properties(document: Document) -> Iterator[Finding]:
    """`required` names only properties that the schema has."""
    for place in document.of("schema"):
        steps = place.steps
        # The parts of a composed schema may require each other's properties.
        while len(steps) > 1 and steps[-2] in {"allOf", "oneOf", "anyOf"}:
            steps = steps[:-2]
        known = document.properties(document.places[pointer(steps)].value)
        for index, name in enumerate(place.value.get("required", [])):
            if name not in known:
                where = (*place.steps, "required", str(index))
                yield Finding(where, f"there is no property `{name}` to require", "correct it, or describe it")


def enums(document: Document) -> Iterator[Finding]:
    """No two values of an enum become members of one name."""
    for place in document.of("schema"):
        first: dict[str, str] = {}
        for index, value in enumerate(place.value.get("enum", [])):
            if isinstance(value, str):
                name = strings.snake_case(value).upper() if value[:1].isalpha() else f"VALUE_{index}"
                if first.setdefault(name, value) != value:
                    problem = f"`{value}` and `{first[name]}` both become the member `{name}`"
                    yield Finding((*place.steps, "enum", str(index)), problem, "keep one, or leave `enum` out")


def unused_components(document: Document) -> Iterator[Finding]:
    """Every component is reached from the paths, directly or through others."""
    uses: defaultdict[Steps, set[Steps]] = defaultdict(set)
    for steps, _, ref in _references(document):
        if target := document.places.get(unquote(ref)):
            uses[_owner(steps)].add(_owner(target.steps))
    reached: set[Steps] = {()}
    todo: list[Steps] = [()]
    while todo:
        new = uses[todo.pop()] - reached
        reached |= new
        todo += new
    for place in document.places.values():
        if place.kind != "components" and place.steps == _owner(place.steps) and place.steps not in reached:
            problem = f"no operation uses the {place.kind} `{place.steps[-1]}`"
            yield Finding(place.steps, problem, "use or remove it", level=Level.STYLE)


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
        leads = (link for response in operation.responses.values() for link in response.links.values())
        if wait := next((waits[link["operationId"]] for link in leads if link.get("operationId") in waits), None):
            yield tag, f"{name}_and_{wait.method}", (*steps, "operationId")
    for tag in dict.fromkeys(operation.tag for operation in document.operations):
        same = [operation for operation in document.operations if operation.tag == tag]
        for steps, rule in _downloads(document, same).items():
            yield tag, rule["method"], (*steps, "x-download", "method")


def _downloads(document: Document, calls: Iterable[Operation]) -> Mapping[Steps, dict[str, Any]]:
    """Find the files to download in what some operations answer, by where these are described."""
    contents = (held for call in calls for response in call.successes for held in response.content.values())
    schemas = [document.resolve(content.get("schema", {})) for content in contents]
    return {document.steps_of(schema): schema["x-download"] for schema in schemas if "x-download" in schema}
