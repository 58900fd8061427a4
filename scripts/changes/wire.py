"""What changes between clients and the service.

The question is always the same: does a client that was made from the old document get along with a service that does
as the new one says? Clients are those of this project: they take every 2xx for a success, keep values of enums that
they do not know, and check no limits of what they read.

`RULES` says, for each kind of object, how which of its keys are compared; all other keys are leftovers.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from changes.change import Change, breaking, compatible, shown
from changes.objects import DOCS, NOTHING, Documents, Node, Pair, child, children, leftovers, sort_names
from changes.schemas import NECESSITY, Direction, Schemas
from spec import METHODS, Document

PUBLIC = "nothing"
TAKEN = {True: "clients take every 2xx for a success", False: "clients take all but 2xx for errors"}


class Wire(NamedTuple):
    """Two documents, and what compares their schemas."""

    documents: Documents
    schemas: Schemas

    def compare(self, kind: str, pair: Pair, direction: Direction = "requests") -> Iterator[Change]:
        """Compare two objects of a kind."""
        yield from leftovers(pair, RULES[kind])
        for key, rule in RULES[kind].items():
            if rule:
                yield from rule(self, pair, key, direction)


Rule = Callable[[Wire, Pair, str, Direction], Iterator[Change]]


def compare(old: Document, new: Document) -> Iterator[Change]:
    """Compare two documents; what is used in several places may come several times."""
    documents = Documents(old, new)
    root = Pair(Node(old.raw, ""), Node(new.raw, ""))
    yield from leftovers(Pair(Node(old.raw, "document"), Node(new.raw, "document")), {"info", "servers", "security", "paths", "components"})
    yield from leftovers(documents.below(root, "info", "info"), {"version"})
    yield from _servers(*documents.members(root, "servers", ""))
    components = documents.below(root, "components", "")
    for scheme in _kept(*documents.members(components, "securitySchemes", "securitySchemes/{}")):
        # What a scheme sends is compared where an operation wants it.
        yield from leftovers(scheme, _sent_keys(scheme.old) | _sent_keys(scheme.new))
    for item in _kept(*documents.members(root, "paths", "{}")):
        yield from leftovers(item, {*METHODS, "parameters"})
    yield from _operations(Wire(documents, Schemas(documents)))


def _kept(old: Mapping[str, Node], new: Mapping[str, Node]) -> Iterator[Pair]:
    return (Pair(node, new[name]) for name, node in old.items() if name in new)


def _servers(*sides: dict[str, Node]) -> Iterator[Change]:
    before, after = ({node.value["url"]: node for node in side.values()} for side in sides)
    yield from (breaking("wire", "servers", f"{url} removed") for url in before if url not in after)
    yield from (compatible("wire", "servers", f"{url} added") for url in after if url not in before)
    for old, new in _kept(before, after):
        yield from leftovers(Pair(old, new._replace(label=f"servers {new.value['url']}")), {"url"})
    first, now = next(iter(before), ""), next(iter(after), "")
    if first != now and first in after:
        yield compatible("python", "servers", f"requests go to {now} by default, no longer to {first}")


# Operations and their parameters.


class Operation(NamedTuple):
    """An operation: what the document calls it, its path, and its parameters by what tells them apart in a request."""

    name: str
    node: Node
    parameters: Mapping[str, Node]


def _operations(wire: Wire) -> Iterator[Change]:
    before, after = (_by_address(document) for document in wire.documents)
    gone, kept, added = sort_names(before, after)
    pairs = [(before[address], after[address]) for address in kept]
    for address in gone:
        old = before[address]
        moved = next((each for each in added if after[each].name == old.name), None)
        if moved:
            yield breaking("wire", old.node.label, f"moved to {after[moved].node.label}")
            pairs.append((old, after[moved]))
            added.remove(moved)
        else:
            yield breaking("wire", old.node.label, "operation removed")
    yield from (compatible("wire", after[address].node.label, "operation added") for address in added)
    for old, new in pairs:
        if old.name != new.name:
            what = f"operationId {old.name} -> {new.name}, which is not sent"
            yield compatible("wire", new.node.label, what)
        yield from wire.compare("operation", Pair(old.node, new.node))
        yield from _parameters(wire, old, new)


def _by_address(document: Document) -> dict[str, Operation]:
    """List the operations by what requests are sent to, which the names of the parameters in a path are no part of."""
    found = {}
    for path, item in children(document, Node(document.raw, ""), "paths", "{}").items():
        for method in METHODS:
            if method in item.value:
                node = child(document, item._replace(label=""), method, f"{method.upper()} {path}")
                name = str(node.value.get("operationId", ""))
                address = f"{method} {re.sub('{[^}]*}', '{}', path)}"
                found[address] = Operation(name, node, _parameters_of(document, path, node, item))
    return found


def _parameters_of(document: Document, path: str, *owners: Node) -> dict[str, Node]:
    """Collect parameters by where they are sent, and by name or, in a path, by position."""
    positions = {name: str(index) for index, name in enumerate(re.findall("{([^}]*)}", path))}
    found: dict[str, Node] = {}
    for owner in owners:
        for node in children(document, owner, "parameters", "").values():
            where, name = node.value["in"], node.value["name"]
            label = node.label if node.component else f"{owner.label} parameter {name}"
            key = f"{where} {positions.get(name, name) if where == 'path' else name}"
            found.setdefault(key, node._replace(label=label))
    return found


def _parameters(wire: Wire, old: Operation, new: Operation) -> Iterator[Change]:
    gone, _, added = sort_names(old.parameters, new.parameters)
    for key in gone:
        yield breaking("wire", new.node.label, f"{_called(old.parameters[key])} removed")
    for parameter in (new.parameters[key] for key in added):
        required = parameter.value.get("required") is True
        yield Change("wire", required, new.node.label, f"{NECESSITY[required]} {_called(parameter)} added")
    for pair in _kept(old.parameters, new.parameters):
        yield from wire.compare("parameter", pair)


def _called(parameter: Node) -> str:
    return f"parameter `{parameter.value['name']}` in {parameter.value['in']}"


# The rules.


def _schema(wire: Wire, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    yield from wire.schemas.compare(wire.documents.below(pair, key, ""), direction)


def _required(_wire: Wire, pair: Pair, _key: str, _direction: Direction) -> Iterator[Change]:
    was, is_now = (side.value.get("required") is True for side in pair)
    if was != is_now:
        yield Change("wire", is_now, pair.label, f"{NECESSITY[was]} -> {NECESSITY[is_now]}")


def _content(wire: Wire, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    members = wire.documents.members(pair, key, " {}")
    yield from _named(pair, members, f"in {direction}: {{}}")
    for media_type in _kept(*members):
        yield from wire.compare("media type", media_type, direction)


def _headers(wire: Wire, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    members = wire.documents.members(pair, key, " header {}")
    yield from _named(pair, members, "header {}")
    for header in _kept(*members):
        yield from wire.compare("header", header, direction)


def _named(pair: Pair, members: tuple[Mapping[str, Node], Mapping[str, Node]], called: str) -> Iterator[Change]:
    gone, _, added = sort_names(*members)
    yield from (breaking("wire", pair.label, f"{called.format(name)} removed") for name in gone)
    yield from (compatible("wire", pair.label, f"{called.format(name)} added") for name in added)


def _body(wire: Wire, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    body = wire.documents.below(pair, key, " body")
    if body.old.value and body.new.value:
        yield from wire.compare("body", body)
    elif body.new.value:
        required = body.new.value.get("required") is True
        yield Change("wire", required, pair.label, f"{NECESSITY[required]} body added")
    elif body.old.value:
        yield breaking("wire", pair.label, "body removed")


def _responses(wire: Wire, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    before, after = wire.documents.members(pair, key, " {}")
    known, now = _successes(before), _successes(after)
    for status in before.keys() - after.keys():
        nothing_left = status in known and not now
        yield Change("wire", nothing_left, pair.label, f"status {status} removed; {TAKEN[status in known]}")
    for status in after.keys() - before.keys():
        yield compatible("wire", pair.label, f"status {status} added; {TAKEN[status in now]}")
        if status in now and known:  # a client reads it like the successes that it knows
            response = Pair(before[known[0]], after[status])
            yield from _content(wire, response, "content", "answers")
            yield from _headers(wire, response, "headers", "answers")
    for response in _kept(before, after):
        yield from wire.compare("response", response, "answers")


def _successes(responses: Mapping[str, Node]) -> list[str]:
    """List the statuses of success; `default` is one if no other is documented."""
    return [each for each in responses if each.startswith("2")] or [each for each in responses if each == "default"]


def _callbacks(wire: Wire, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    """Compare what the service calls: clients receive it, as they receive answers."""
    members = (_called_back(document, node) for document, node in zip(wire.documents, pair, strict=True))
    before, after = members
    yield from _named(pair, (before, after), "callback {}")
    for callback in _kept(before, after):
        yield from wire.compare("callback", callback, "answers")


def _called_back(document: Document, operation: Node) -> dict[str, Node]:
    return {
        f"{name} {method.upper()} {address}": child(document, item, method, "")
        for name, callback in children(document, operation, "callbacks", " callback {}").items()
        for address in callback.value
        for item in [child(document, callback, address, "")]
        for method in METHODS
        if method in item.value
    }


def _callback_body(wire: Wire, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    yield from _content(wire, wire.documents.below(pair, key, " body"), "content", direction)


def _security(wire: Wire, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    before, after = (_ways(document, node.value, key) for document, node in zip(wire.documents, pair, strict=True))
    if before != after:
        fails = PUBLIC not in after and not before <= after
        what = f"security {' or '.join(sorted(before))} -> {' or '.join(sorted(after))}"
        yield Change("wire", fails, pair.label, what)


def _ways(document: Document, operation: Mapping[str, Any], key: str) -> set[str]:
    """List the ways to prove who calls an operation, each by what is sent."""
    ways = operation.get(key, document.raw.get(key)) or [{}]
    return {" and ".join(_scheme(document, *each) for each in sorted(way.items())) or PUBLIC for way in ways}


def _scheme(document: Document, name: str, scopes: list[str]) -> str:
    scheme = Node(document.security_schemes.get(name, NOTHING), name)
    parts = [scheme.value[key] for key in sorted(_sent_keys(scheme))] or [name]
    return " ".join([*(each if isinstance(each, str) else shown(each) for each in parts), *sorted(scopes)])


def _sent_keys(scheme: Node) -> set[str]:
    """List what in a security scheme says what is sent."""
    return {key for key in scheme.value if key not in DOCS and not key.startswith("x-")}


# None: something else compares it, or nobody needs to.
RULES: dict[str, dict[str, Rule | None]] = {
    "operation": {
        "operationId": None,
        "parameters": None,
        "security": _security,
        "requestBody": _body,
        "responses": _responses,
        "callbacks": _callbacks,
    },
    "parameter": {"name": None, "in": None, "required": _required, "schema": _schema, "content": _content},
    "body": {"required": _required, "content": _content},
    "media type": {"schema": _schema},
    "response": {"content": _content, "headers": _headers},
    "header": {"required": None, "schema": _schema},
    "callback": {"operationId": None, "requestBody": _callback_body},
}
