"""What changes between clients and the service.

The question is always the same: does a client that was made from the old document get along with a service that does
as the new one says? Clients are those of this project: they take every 2xx for a success, keep values of enums that
they do not know, and check no limits of what they read.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from changes import schemas
from changes.change import Change, breaking, compatible, shown
from changes.objects import NOTHING, Node, Pair, is_docs, kept, leftovers
from changes.schemas import NECESSITY, Direction, Seen
from spec import METHODS, Document

PUBLIC = "nothing"
TAKEN = {True: "clients take every 2xx for a success", False: "clients take all but 2xx for errors"}
# What an object holds under its keys, as the report calls it.
HELD = {
    "parameters": "parameter {}",
    "requestBody": "{}",
    "content": "{}",
    "headers": "header {}",
    "responses": "{}",
    "callbacks": "callback {}",
}
# What is compared by itself, or makes no difference.
ELSEWHERE = {"operationId", "security", "name", "in", "required", "schema"}
Nodes = Mapping[str, Node]


def compare(old: Document, new: Document) -> Iterator[Change]:
    """Compare two documents; what is used in several places may come several times."""
    document, root = (Pair(Node(old, old.raw, label), Node(new, new.raw, label)) for label in ("document", ""))
    yield from leftovers(document, {"info", "servers", "security", "paths", "components"})
    yield from leftovers(root.child("info", "info"), {"version"})
    yield from _servers(*root.children("servers", ""))
    for scheme in kept(*root.child("components", "").children("securitySchemes", "securitySchemes/{}")):
        # What a scheme sends is compared where an operation wants it.
        yield from leftovers(scheme, _sent_keys(scheme.old.value) | _sent_keys(scheme.new.value))
    for item in kept(*root.children("paths", "{}")):
        yield from leftovers(item, {*METHODS, "parameters"})
    yield from _operations(_by_address(old), _by_address(new))


def _servers(*sides: Nodes) -> Iterator[Change]:
    before, after = ({node.value["url"]: node for node in side.values()} for side in sides)
    yield from _names("servers", before, after, "{}")
    for old, new in kept(before, after):
        yield from leftovers(Pair(old, new._replace(label=f"servers {new.value['url']}")), {"url"})
    first, now = next(iter(before), ""), next(iter(after), "")
    if first and now and first != now:
        yield compatible("python", "servers", f"requests go to {now} by default, no longer to {first}")


def _by_address(document: Document) -> dict[str, Node]:
    """List the operations by what requests are sent to; the names of the parameters in a path are no part of that."""
    found = {}
    for operation in document.operations:
        numbers = {f"path {name}": str(index) for index, name in enumerate(re.findall("{([^}]*)}", operation.path))}
        parameters = {
            f"`{numbers.get(f'{each.place} {each.name}', each.name)}` in {each.place}": each.raw
            for each in operation.parameters
        }
        address = f"{operation.method} {re.sub('{[^}]*}', '{}', operation.path)}"
        label = f"{operation.method.upper()} {operation.path}"
        found[address] = Node(document, {**_by_name(document, operation.raw), "parameters": parameters}, label)
    return found


def _by_name(document: Document, operation: Mapping[str, Any]) -> dict[str, Any]:
    """Give an operation with all that it holds by name: its body, too, and what its callbacks send."""
    callbacks = {
        f"{name} {method.upper()} {address}": {**_by_name(document, sent), "name": name}
        for name, address, method, sent in document.callbacks(operation)
    }
    bodies = {"body": operation["requestBody"]} if "requestBody" in operation else {}
    return {**operation, "requestBody": bodies, "callbacks": callbacks}


def _operations(before: dict[str, Node], after: dict[str, Node]) -> Iterator[Change]:
    for address, old in [*before.items()]:
        moved = [each for each in after if each not in before and _id(after[each]) == _id(old)]
        if address not in after and moved:
            yield breaking("wire", old.label, f"moved to {after[moved[0]].label}")
            before[moved[0]] = before.pop(address)
        elif address not in after:
            yield breaking("wire", old.label, "operation removed")
    yield from (compatible("wire", after[each].label, "operation added") for each in after if each not in before)
    seen: Seen = set()
    for pair in kept(before, after):
        was, name = map(_id, pair)
        if was != name:
            yield compatible("wire", pair.new.label, f"operationId {was} -> {name}, which is not sent")
        yield from _security(pair)
        yield from _object(seen, pair, "requests")


def _id(operation: Node) -> str:
    return str(operation.value.get("operationId", ""))


def _object(seen: Seen, pair: Pair, direction: Direction) -> Iterator[Change]:
    """Compare two operations, or two of what they hold."""
    # How a callback is answered is for whoever receives it.
    keys = [key for key in HELD if (key, direction) != ("responses", "answers")]
    yield from leftovers(pair, ELSEWHERE.union(keys))
    was, is_now = (node.value.get("required") is True for node in pair)
    if was != is_now and direction == "requests":
        yield Change("wire", is_now, pair.new.label, f"{NECESSITY[was]} -> {NECESSITY[is_now]}")
    if any("schema" in node.value for node in pair):
        yield from schemas.compare(pair.child("schema", ""), direction, seen)
    for key in keys:
        yield from _held(seen, pair, key, direction)


def _held(seen: Seen, pair: Pair, key: str, direction: Direction) -> Iterator[Change]:
    """Compare what two objects hold under a key."""
    before, after = pair.children(key, f" {HELD[key]}")
    if key == "responses":
        yield from _statuses(seen, pair.new.label, before, after)
    else:
        called = f"in {direction}: {{}}" if key == "content" else HELD[key]
        yield from _names(pair.new.label, before, after, called, can_be_required=key in {"parameters", "requestBody"})
    for each in kept(before, after):
        yield from _object(seen, each, "answers" if key in {"responses", "callbacks"} else direction)


def _names(place: str, before: Nodes, after: Nodes, called: str, *, can_be_required: bool = False) -> Iterator[Change]:
    """Compare names: without one, something fails, and some must be given."""
    for name in (name for name in before if name not in after):
        yield breaking("wire", place, f"{called.format(name)} removed")
    for name in (name for name in after if name not in before):
        required = can_be_required and after[name].value.get("required") is True
        necessity = f"{NECESSITY[required]} " if can_be_required else ""
        yield Change("wire", required, place, f"{necessity}{called.format(name)} added")


def _statuses(seen: Seen, place: str, before: Nodes, after: Nodes) -> Iterator[Change]:
    known, now = _successes(before), _successes(after)
    for status in before.keys() - after.keys():
        nothing_left = status in known and not now
        yield Change("wire", nothing_left, place, f"status {status} removed; {TAKEN[status in known]}")
    for status in after.keys() - before.keys():
        yield compatible("wire", place, f"status {status} added; {TAKEN[status in now]}")
        if status in now and known:  # a client reads it like the successes that it knows
            response = Pair(before[known[0]], after[status])
            yield from _held(seen, response, "content", "answers")
            yield from _held(seen, response, "headers", "answers")


def _successes(responses: Nodes) -> list[str]:
    """List the statuses of success; `default` is one if no other is documented."""
    return [each for each in responses if each.startswith("2")] or [each for each in responses if each == "default"]


def _security(pair: Pair) -> Iterator[Change]:
    before, after = (_ways(node) for node in pair)
    if before != after:
        fails = PUBLIC not in after and not before <= after
        what = f"security {' or '.join(sorted(before))} -> {' or '.join(sorted(after))}"
        yield Change("wire", fails, pair.new.label, what)


def _ways(operation: Node) -> set[str]:
    """List the ways to prove who calls an operation, each by what is sent."""
    ways = operation.value.get("security", operation.document.raw.get("security")) or [{}]
    schemes = operation.document.security_schemes
    sent = ((_scheme(name, schemes.get(name, NOTHING), scopes) for name, scopes in sorted(way.items())) for way in ways)
    return {" and ".join(way) or PUBLIC for way in sent}


def _scheme(name: str, scheme: Mapping[str, object], scopes: list[str]) -> str:
    parts = [scheme[key] for key in sorted(_sent_keys(scheme))] or [name]
    return " ".join([*(each if isinstance(each, str) else shown(each) for each in parts), *sorted(scopes)])


def _sent_keys(scheme: Mapping[str, object]) -> set[str]:
    """List what in a security scheme says what is sent."""
    return {key for key in scheme if not is_docs(key)}
