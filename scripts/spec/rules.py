"""The rules of a document beyond what a validator of OpenAPI finds.

They come in steps, each of which may rely on what the ones before it found right.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from openapi_python_client import strings

from .document import Document
from .extensions import forms, meanings
from .places import Place
from .security import carried
from .source import Finding, Level, Steps, pointer
from .support import unsupported
from .validators import shape, values

OPERATIONS_NEED = {
    "operationId": "name it; the client's method gets this name",
    "tags": "give it a tag; the client groups its methods by tag",
    "security": "say how a caller proves who they are, or `[]` for a public operation; the generator reads no other",
}

LONGEST_NAME = 100


def check(document: Document) -> list[Finding]:
    """Apply every rule to a document; give what is wrong by line."""
    found = [*document.findings]
    if wrong := list(shape(document)):
        found += wrong
    else:
        unreadable = [*references(document), *forms(document)]
        found += [*unreadable, *operations(document)]
        found += [*required_properties(document), *unused_components(document)]
        if not unreadable:
            found += [*names(document), *path_parameters(document), *links(document)]
            found += [*meanings(document), *values(document)]
            found += [*unsupported(document), *carried(document)]
    # Aliases put one mistake into several places; it is one line to correct.
    unique = {(document.line(finding.steps), finding.problem): finding for finding in found}
    return [unique[key] for key in sorted(unique)]


def report(document: Document, findings: Iterable[Finding]) -> Iterator[str]:
    """Write the line of each finding."""
    for finding in findings:
        line, note = document.line(finding.steps), "note: " if finding.level is Level.NOTE else ""
        yield f"{document.name}:{line}: {note}{pointer(finding.steps)}: {finding.problem}; {finding.remedy}"


def references(document: Document) -> Iterator[Finding]:
    """Every reference leads to an object of the kind that its place asks for."""
    for steps, kind, ref in _references(document):
        chain = document.chain(ref)
        if not ref.startswith("#"):
            yield Finding(steps, f"`{ref}` is outside of this document", "copy what is meant to `components`")
        elif not chain:
            known = {each.steps[-1]: pointer(each.steps) for each in _components(document) if each.kind == kind}
            close = get_close_matches(ref.rsplit("/", 1)[-1], known, n=1)
            remedy = f"did you mean `{known[close[0]]}`?" if close else f"correct it, or add that {kind}"
            yield Finding(steps, f"`{ref}` does not exist", remedy)
        elif chain[0].kind != kind:
            yield Finding(steps, f"`{ref}` is of the kind {chain[0].kind}", f"refer to one of the kind {kind}")
        elif document.chain(str(chain[-1].value.get("$ref"))):
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


def operations(document: Document) -> Iterator[Finding]:
    """Every operation has a name, a tag that is declared, security, and a response to bad requests."""
    tags = {place.value["name"] for place in document.of("tag")}
    for place in document.of("operation"):
        for index, tag in enumerate(place.value.get("tags", [])):
            if tag not in tags:
                remedy, steps = "correct it, or declare it in `tags` at the top", (*place.steps, "tags", str(index))
                yield Finding(steps, f"the tag `{tag}` is not declared", remedy, level=Level.STYLE)
        if "callbacks" in place.steps:
            continue  # what a callback documents is somebody else's operation
        given = {key for key, value in place.value.items() if value or key == "security"}
        for key in OPERATIONS_NEED.keys() - given:
            yield Finding(place.steps, f"the operation has no `{key}`", OPERATIONS_NEED[key], level=Level.STYLE)
        if not any(status.startswith("4") for status in place.value["responses"]):
            remedy = "say how it refuses a request, in a response `4XX`"
            yield Finding(place.steps, "the operation has no 4XX response", remedy, level=Level.STYLE)


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


def unused_components(document: Document) -> Iterator[Finding]:
    """Every component is reached from the paths, directly or through others."""
    uses: defaultdict[Steps, list[Steps]] = defaultdict(list)
    for steps, _, ref in _references(document):
        uses[_owner(steps)] += [_owner(place.steps) for place in document.chain(ref)]
    reached: list[Steps] = [()]
    for owner in reached:
        reached += set(uses[owner]).difference(reached)
    for place in _components(document):
        if place.steps not in reached:
            problem = f"no operation uses the {place.kind} `{place.steps[-1]}`"
            yield Finding(place.steps, problem, "use or remove it", level=Level.STYLE)


def _components(document: Document) -> Iterator[Place]:
    return (place for place in document.places.values() if place.steps[2:] and place.steps == _owner(place.steps))


def _owner(steps: Steps) -> Steps:
    """Return the component that a place is in; nothing for a place that is in none."""
    return steps[:3] if steps[:1] == ("components",) else ()


def names(document: Document) -> Iterator[Finding]:
    """No two things of one kind and place have the same name, and what becomes a file has a name for one."""
    first: dict[tuple[Steps, str, str], Steps] = {}
    told: set[Steps] = set()
    for scope, kind, name, steps in (*_names(document), *_methods(document)):
        other = first.setdefault((scope, kind, name), steps)
        if not scope and len(name) > LONGEST_NAME:
            problem = f"`{name[:20]}...` is longer than the name of a file may be"
            yield Finding(steps, problem, f"take {LONGEST_NAME} characters at most")
        elif other != steps and steps not in told:
            told.add(steps)
            problem = f"there already is {kind} named `{name}`, from line {document.line(other)}"
            yield Finding(steps, problem, "keep one of the two, or give each a name of its own")


def _names(document: Document) -> Iterator[tuple[Steps, str, str, Steps]]:
    """List what must differ: the place in which it must, its kind and name, and where it stands."""
    for place in _components(document):
        yield (), f"a {place.kind}", place.steps[-1], place.steps
    for place in document.of("tag"):
        yield (), "a tag", place.value["name"], (*place.steps, "name")
    for place in document.of("path", "operation"):
        for index, each in enumerate(map(document.resolve, place.value.get("parameters", []))):
            where = (*place.steps, "parameters", str(index))
            yield place.steps, f"a {each['in']} parameter", each["name"], where
    for place in document.of("schema"):
        for index, value in enumerate(place.value.get("enum", [])):
            if isinstance(value, str):
                # In capitals first, as the generator has it: what tells `aB` from `ab` is lost, and from `a_b` is not.
                name = strings.snake_case(value.upper()).upper() if value[:1].isalpha() else f"VALUE_{index}"
                yield place.steps, "an enum member", name, (*place.steps, "enum", str(index))


def _methods(document: Document) -> Iterator[tuple[Steps, str, str, Steps]]:
    """List the operations and the methods that they ask for."""
    waits = {operation.id: operation.wait.method for operation in document.operations if operation.wait}
    for operation in document.operations:
        steps, name = (*operation.steps, "operationId"), operation.id or f"{operation.method}_{operation.path}"
        yield (), "an operation", name, steps
        links = (link.get("operationId") for each in operation.responses.values() for link in each.links.values())
        follows = [f"{name}_and_{waits[target]}" for target in links if target in waits]
        methods = [(method, steps) for method in (name, f"{name}_detailed", *follows)]
        for owner in (operation.raw, *document.answers(operation)):
            for rule in sorted({"x-wait", "x-pagination", "x-download"} & owner.keys()):
                named = [key for key in ("method", "watch", "read") if key in owner[rule]]
                methods += [(owner[rule][key], (*document.steps_of(owner), rule, key)) for key in named]
        for method, where in methods:
            yield (), f"a method of the tag `{operation.tag}`", strings.snake_case(method), where


def path_parameters(document: Document) -> Iterator[Finding]:
    """A path and the parameters that are described for it have the same names."""
    for operation in document.operations:
        described = {each.name for each in operation.parameters if each.place == "path"}
        for name in sorted(described ^ {*re.findall("{([^}]*)}", operation.path)}):
            problem = f"the path and the parameters disagree on `{name}`"
            yield Finding(operation.steps, problem, "let it stand in both, or in neither")


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
