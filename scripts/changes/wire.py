"""What changes between clients and the service.

The question is always the same: does a client that was made from the old document get along with a service that does
as the new one says? Clients are those of this project: they take every 2xx for a success, keep values of enums that
they do not know, and check no limits of what they read.

`RULES` says of each kind of object which keys are compared, and how; all other keys are leftovers.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from changes.change import Change, breaking, compatible, shown
from changes.objects import DOCS, NOTHING, Node, Pair, Sides, kept, leftovers
from changes.schemas import NECESSITY, Direction, Schemas
from spec import METHODS, Document

PUBLIC = "nothing"
TAKEN = {True: "clients take every 2xx for a success", False: "clients take all but 2xx for errors"}


class Operation(NamedTuple):
    """An operation, and its parameters by what tells them apart in a request."""

    node: Node
    parameters: Mapping[str, Node]

    @property
    def name(self) -> str:
        """What the document calls it, which is not sent."""
        return str(self.node.value.get("operationId", ""))


def compare(old: Document, new: Document) -> Iterator[Change]:
    """Compare two documents; what is used in several places may come several times."""
    document, root = (Pair(Node(old, old.raw, label), Node(new, new.raw, label)) for label in ("document", ""))
    yield from leftovers(document, {"info", "servers", "security", "paths", "components"})
    yield from leftovers(root.child("info", "info"), {"version"})
    yield from _servers(root.children("servers", ""))
    for scheme in kept(*root.child("components", "").children("securitySchemes", "securitySchemes/{}")):
        # What a scheme sends is compared where an operation wants it.
        yield from leftovers(scheme, _sent_keys(scheme.old.value) | _sent_keys(scheme.new.value))
    for item in kept(*root.children("paths", "{}")):
        yield from leftovers(item, {*METHODS, "parameters"})
    yield from _operations(_by_address(root.old), _by_address(root.new))


def _servers(sides: Sides) -> Iterator[Change]:
    before, after = ({node.value["url"]: node for node in side.values()} for side in sides)
    yield from _named("servers", (before, after), "{}")
    for old, new in kept(before, after):
        yield from leftovers(Pair(old, new._replace(label=f"servers {new.value['url']}")), {"url"})
    first, now = next(iter(before), ""), next(iter(after), "")
    if first != now and first in after:
        yield compatible("python", "servers", f"requests go to {now} by default, no longer to {first}")


def _named(place: str, sides: Sides, called: str) -> Iterator[Change]:
    """Compare names: without one, something fails."""
    old, new = sides
    yield from (breaking("wire", place, f"{called.format(name)} removed") for name in old if name not in new)
    yield from (compatible("wire", place, f"{called.format(name)} added") for name in new if name not in old)


# Operations.


def _operations(before: dict[str, Operation], after: dict[str, Operation]) -> Iterator[Change]:
    schemas = Schemas()
    for address in [*before]:
        one = before[address].node.label
        moved = [each for each in after if each not in before and after[each].name == before[address].name]
        if address not in after and moved:
            yield breaking("wire", one, f"moved to {after[moved[0]].node.label}")
            before[moved[0]] = before.pop(address)
        elif address not in after:
            yield breaking("wire", one, "operation removed")
    for address, new in after.items():
        if address not in before:
            yield compatible("wire", new.node.label, "operation added")
            continue
        old = before[address]
        if old.name != new.name:
            yield compatible("wire", new.node.label, f"operationId {old.name} -> {new.name}, which is not sent")
        yield from _objects("operation", schemas, Pair(old.node, new.node), "requests")
        yield from _parameters(schemas, old, new)


def _by_address(root: Node) -> dict[str, Operation]:
    """List the operations by what requests are sent to; the names of the parameters in a path are no part of that."""
    found = {}
    for path, item in root.children("paths", "{}").items():
        for method in (each for each in METHODS if each in item.value):
            node = item._replace(label="").child(method, f"{method.upper()} {path}")
            found[f"{method} {re.sub('{[^}]*}', '{}', path)}"] = Operation(node, _parameters_of(path, node, item))
    return found


def _parameters_of(path: str, *owners: Node) -> dict[str, Node]:
    """Collect parameters by where they are sent, and by name or, in a path, by position."""
    positions = {name: str(index) for index, name in enumerate(re.findall("{([^}]*)}", path))}
    found: dict[str, Node] = {}
    for owner in owners:
        for node in owner.children("parameters", "").values():
            where, name = node.value["in"], node.value["name"]
            label = node.label if node.component else f"{owner.label} parameter {name}"
            key = f"{where} {positions.get(name, name) if where == 'path' else name}"
            found.setdefault(key, node._replace(label=label))
    return found


def _parameters(schemas: Schemas, old: Operation, new: Operation) -> Iterator[Change]:
    for parameter in (old.parameters[key] for key in old.parameters.keys() - new.parameters.keys()):
        yield breaking("wire", new.node.label, f"{_called(parameter)} removed")
    for parameter in (new.parameters[key] for key in new.parameters.keys() - old.parameters.keys()):
        required = parameter.value.get("required") is True
        yield Change("wire", required, new.node.label, f"{NECESSITY[required]} {_called(parameter)} added")
    for pair in kept(old.parameters, new.parameters):
        yield from _objects("parameter", schemas, pair, "requests")


def _called(parameter: Node) -> str:
    return f"parameter `{parameter.value['name']}` in {parameter.value['in']}"


# Rules: each compares what two objects have under a key.

Rule = Callable[[Schemas, Pair, str, Direction], Iterator[Change]]


def _objects(kind: str, schemas: Schemas, pair: Pair, direction: Direction) -> Iterator[Change]:
    """Compare two objects of a kind."""
    yield from leftovers(pair, RULES[kind])
    for key, rule in RULES[kind].items():
        yield from rule(schemas, pair, key, direction)


def _nothing(_schemas: Schemas, _pair: Pair, _key: str, _direction: Direction) -> Iterator[Change]:
    """Compare nothing: something else does, or it makes no difference."""
    return iter(())


def _schema(schemas: Schemas, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    return schemas.compare(pair.child(key, ""), direction)


def _required(_schemas: Schemas, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    was, is_now = (side.value.get(key) is True for side in pair)
    if was != is_now:
        yield Change("wire", is_now, pair.label, f"{NECESSITY[was]} -> {NECESSITY[is_now]}")


def _content(schemas: Schemas, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    sides = pair.children(key, " {}")
    yield from _named(pair.label, sides, f"in {direction}: {{}}")
    for media_type in kept(*sides):
        yield from _objects("media type", schemas, media_type, direction)


def _headers(schemas: Schemas, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    sides = pair.children(key, " header {}")
    yield from _named(pair.label, sides, "header {}")
    for header in kept(*sides):
        yield from _objects("header", schemas, header, direction)


def _body(schemas: Schemas, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    body = pair.child(key, " body")
    if body.old.value and body.new.value:
        yield from _objects("body", schemas, body, direction)
    elif body.new.value:
        required = body.new.value.get("required") is True
        yield Change("wire", required, pair.label, f"{NECESSITY[required]} body added")
    elif body.old.value:
        yield breaking("wire", pair.label, "body removed")


def _responses(schemas: Schemas, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    before, after = pair.children(key, " {}")
    known, now = _successes(before), _successes(after)
    for status in before.keys() - after.keys():
        nothing_left = status in known and not now
        yield Change("wire", nothing_left, pair.label, f"status {status} removed; {TAKEN[status in known]}")
    for status in after.keys() - before.keys():
        yield compatible("wire", pair.label, f"status {status} added; {TAKEN[status in now]}")
        if status in now and known:  # a client reads it like the successes that it knows
            response = Pair(before[known[0]], after[status])
            yield from _content(schemas, response, "content", "answers")
            yield from _headers(schemas, response, "headers", "answers")
    for response in kept(before, after):
        yield from _objects("response", schemas, response, "answers")


def _successes(responses: Mapping[str, Node]) -> list[str]:
    """List the statuses of success; `default` is one if no other is documented."""
    return [each for each in responses if each.startswith("2")] or [each for each in responses if each == "default"]


def _callbacks(schemas: Schemas, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    """Compare what the service calls: clients receive it, as they receive answers."""
    before, after = (_called_back(node, key) for node in pair)
    yield from _named(pair.label, (before, after), "callback {}")
    for callback in kept(before, after):
        yield from _objects("callback", schemas, callback, "answers")


def _called_back(operation: Node, key: str) -> dict[str, Node]:
    return {
        f"{name} {method.upper()} {address}": item.child(method, "")
        for name, callback in operation.children(key, " callback {}").items()
        for address in callback.value
        for item in [callback.child(address, "")]
        for method in METHODS
        if method in item.value
    }


def _callback_body(schemas: Schemas, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    return _content(schemas, pair.child(key, " body"), "content", direction)


def _security(_schemas: Schemas, pair: Pair, key: str, _direction: Direction) -> Iterator[Change]:
    before, after = (_ways(node, key) for node in pair)
    if before != after:
        fails = PUBLIC not in after and not before <= after
        what = f"security {' or '.join(sorted(before))} -> {' or '.join(sorted(after))}"
        yield Change("wire", fails, pair.label, what)


def _ways(operation: Node, key: str) -> set[str]:
    """List the ways to prove who calls an operation, each by what is sent."""
    ways = operation.value.get(key, operation.document.raw.get(key)) or [{}]
    schemes = operation.document.security_schemes
    sent = ((_scheme(name, schemes.get(name, NOTHING), scopes) for name, scopes in sorted(way.items())) for way in ways)
    return {" and ".join(way) or PUBLIC for way in sent}


def _scheme(name: str, scheme: Mapping[str, object], scopes: list[str]) -> str:
    parts = [scheme[key] for key in sorted(_sent_keys(scheme))] or [name]
    return " ".join([*(each if isinstance(each, str) else shown(each) for each in parts), *sorted(scopes)])


def _sent_keys(scheme: Mapping[str, object]) -> set[str]:
    """List what in a security scheme says what is sent."""
    return {key for key in scheme if key not in DOCS and not key.startswith("x-")}


RULES: dict[str, dict[str, Rule]] = {
    "operation": {
        "operationId": _nothing,
        "parameters": _nothing,
        "security": _security,
        "requestBody": _body,
        "responses": _responses,
        "callbacks": _callbacks,
    },
    "parameter": {"name": _nothing, "in": _nothing, "required": _required, "schema": _schema, "content": _content},
    "body": {"required": _required, "content": _content},
    "media type": {"schema": _schema},
    "response": {"content": _content, "headers": _headers},
    "header": {"required": _nothing, "schema": _schema},
    "callback": {"operationId": _nothing, "requestBody": _callback_body},
}
