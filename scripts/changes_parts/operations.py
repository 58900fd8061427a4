"""What changes in the operations of a document: what is sent to them, what they answer, and what the service calls."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from document import METHODS
from spec.tree import Place, Tree

from .change import Change, breaking, compatible, shown
from .documents import Documents, Pair, sort_names
from .leftovers import DOCS, compare_leftovers
from .schemas import NECESSITY, Direction, Schemas

PUBLIC = "nothing"
TAKEN = {True: "clients take every 2xx for a success", False: "clients take all but 2xx for errors"}
COMPARED = {"operationId", "security", "parameters", "requestBody", "responses", "callbacks"}


class Operation(NamedTuple):
    """An operation: its method in capitals, its path, and the object."""

    method: str
    path: str
    place: Place

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """What requests are sent to; the names of the parameters in the path are not."""
        return f"{self.method} {re.sub('{[^}]*}', '{}', self.path)}"

    @property
    def name(self) -> str:
        """What the document calls it."""
        return self.place.text("operationId")


class Operations:
    """Compares the operations of two documents.

    Args:
        documents: The documents.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._schemas = Schemas(documents)

    def compare(self) -> Iterator[Change]:
        """Compare all operations.

        Yields:
            What changes.
        """
        before = {each.address: each for each in operations(self._documents.old)}
        after = {each.address: each for each in operations(self._documents.new)}
        gone, kept, added = sort_names(before, after)
        pairs = [(before[address], after[address]) for address in kept]
        for address in gone:
            moved = [each for each in added if after[each].name == before[address].name]
            if moved:
                yield breaking("wire", str(before[address]), f"moved to {after[moved[0]]}")
                pairs.append((before[address], after[moved[0]]))
                added.remove(moved[0])
            else:
                yield breaking("wire", str(before[address]), "operation removed")
        yield from (compatible("wire", str(after[address]), "operation added") for address in added)
        for old, new in pairs:
            yield from self._operation(old, new)

    def _operation(self, old: Operation, new: Operation) -> Iterator[Change]:
        pair = Pair(old.place, new.place)
        yield from compare_leftovers(str(new), pair, COMPARED)
        if old.name != new.name:
            yield compatible("wire", str(new), f"operationId {old.name} -> {new.name}, which is not sent")
        yield from self._security(pair, str(new))
        yield from self._parameters(old, new)
        yield from self._body(pair, str(new))
        yield from self._responses(pair, str(new))
        yield from self._callbacks(pair, str(new))

    def _security(self, pair: Pair, place: str) -> Iterator[Change]:
        before = security(self._documents.old, pair.old)
        after = security(self._documents.new, pair.new)
        if before != after:
            fails = PUBLIC not in after and not before <= after
            what = f"security {' or '.join(sorted(before))} -> {' or '.join(sorted(after))}"
            yield Change("wire", fails, place, what)

    # What is sent.

    def _parameters(self, old: Operation, new: Operation) -> Iterator[Change]:
        before, after = parameters(self._documents.old, old), parameters(self._documents.new, new)
        gone, kept, added = sort_names(before, after)
        for key in gone:
            yield breaking("wire", str(new), f"{_called(before[key])} removed")
        for key in added:
            required = after[key].value.get("required") is True
            yield Change("wire", required, str(new), f"{NECESSITY[required]} {_called(after[key])} added")
        for key in kept:
            yield from self._parameter(Pair(before[key], after[key]))

    def _parameter(self, pair: Pair) -> Iterator[Change]:
        place = self._documents.label(pair)
        yield from compare_leftovers(place, pair, {"name", "in", "required", "schema", "content"})
        yield from _required(place, pair)
        yield from self._schemas.compare(self._documents.below(pair, "schema"), "requests")
        yield from self._contents(pair, "requests")

    def _body(self, operation: Pair, place: str) -> Iterator[Change]:
        pair = self._documents.below(operation, "requestBody")
        if not pair.old.value and pair.new.value:
            required = pair.new.value.get("required") is True
            yield Change("wire", required, place, f"{NECESSITY[required]} body added")
        elif pair.old.value and not pair.new.value:
            yield breaking("wire", place, "body removed")
        elif pair.new.value:
            label = self._documents.label(pair)
            yield from compare_leftovers(label, pair, {"required", "content"})
            yield from _required(label, pair)
            yield from self._contents(pair, "requests")

    def _contents(self, pair: Pair, direction: Direction) -> Iterator[Change]:
        """Compare bodies, by their media types."""
        place = self._documents.label(pair)
        gone, kept, added = pair.names("content")
        yield from (breaking("wire", place, f"in {direction}: {name} removed") for name in gone)
        yield from (compatible("wire", place, f"in {direction}: {name} added") for name in added)
        for name in kept:
            media_type = self._documents.below(pair, "content", name)
            yield from compare_leftovers(self._documents.label(media_type), media_type, {"schema"})
            yield from self._schemas.compare(self._documents.below(media_type, "schema"), direction)

    # What comes back.

    def _responses(self, operation: Pair, place: str) -> Iterator[Change]:
        gone, kept, added = operation.names("responses")
        before, after = (_successes(side) for side in operation)
        for status in gone:
            nothing_left = status in before and not after
            yield Change("wire", nothing_left, place, f"status {status} removed; {TAKEN[status in before]}")
        for status in added:
            yield compatible("wire", place, f"status {status} added; {TAKEN[status in after]}")
        for status in kept:
            pair = self._documents.below(operation, "responses", status)
            yield from compare_leftovers(self._documents.label(pair), pair, {"headers", "content"})
            yield from self._answer(pair)
        for status in set(added) & set(after) if before else ():
            # A client reads it like the successes that it knows.
            known = self._documents.below(operation, "responses", before[0])
            yield from self._answer(Pair(known.old, self._documents.below(operation, "responses", status).new))

    def _answer(self, pair: Pair) -> Iterator[Change]:
        place = self._documents.label(pair)
        yield from self._contents(pair, "answers")
        gone, kept, added = pair.names("headers")
        yield from (breaking("wire", place, f"header {name} removed") for name in gone)
        yield from (compatible("wire", place, f"header {name} added") for name in added)
        for name in kept:
            header = self._documents.below(pair, "headers", name)
            yield from compare_leftovers(self._documents.label(header), header, {"required", "schema"})
            yield from self._schemas.compare(self._documents.below(header, "schema"), "answers")

    # What the service calls. Clients receive it, as they receive answers.

    def _callbacks(self, operation: Pair, place: str) -> Iterator[Change]:
        before = callbacks(self._documents.old, operation.old)
        after = callbacks(self._documents.new, operation.new)
        gone, kept, added = sort_names(before, after)
        yield from (breaking("wire", place, f"callback {key} removed") for key in gone)
        yield from (compatible("wire", place, f"callback {key} added") for key in added)
        for key in kept:
            pair = Pair(before[key], after[key])
            yield from compare_leftovers(self._documents.label(pair), pair, {"operationId", "requestBody"})
            yield from self._contents(self._documents.below(pair, "requestBody"), "answers")


def operations(tree: Tree) -> Iterator[Operation]:
    """List the operations that clients call.

    Args:
        tree: The document.

    Yields:
        The operations.
    """
    for place in tree.of("operation"):
        if place.steps[0] == "paths" and "callbacks" not in place.steps:
            yield Operation(place.steps[2].upper(), place.steps[1], place)


def parameters(tree: Tree, operation: Operation) -> dict[str, Place]:
    """Collect the parameters of an operation.

    Args:
        tree: The document.
        operation: The operation.

    Returns:
        The parameters by what tells them apart in a request: the name, and in a path the position.
    """
    positions = {name: str(index) for index, name in enumerate(re.findall("{([^}]*)}", operation.path))}
    found: dict[str, Place] = {}
    for place in tree.parameters(operation.place):
        where, name = place.text("in"), place.text("name")
        found.setdefault(f"{where} {positions.get(name, name) if where == 'path' else name}", place)
    return found


def security(tree: Tree, operation: Place) -> set[str]:
    """List the ways to prove who calls an operation, each by what is sent.

    Args:
        tree: The document.
        operation: The operation.

    Returns:
        The ways; one of them is `PUBLIC` if there is no need to.
    """
    requirements = operation.value.get("security", tree.root.get("security")) or [{}]
    return {" and ".join(_scheme(tree, *each) for each in sorted(way.items())) or PUBLIC for way in requirements}


def _scheme(tree: Tree, name: str, scopes: list[str]) -> str:
    found = tree.child(tree.places["#"], "components", "securitySchemes", name)
    parts = [found.value[key] for key in sorted(sent_keys(found))] if found else [name]
    return " ".join([*(each if isinstance(each, str) else shown(each) for each in parts), *sorted(scopes)])


def sent_keys(scheme: Place) -> set[str]:
    """List what in a security scheme says what is sent.

    Args:
        scheme: The security scheme.

    Returns:
        The keys.
    """
    return {key for key in scheme.value if key not in DOCS and not key.startswith("x-")}


def callbacks(tree: Tree, operation: Place) -> dict[str, Place]:
    """Collect the operations that the service calls.

    Args:
        tree: The document.
        operation: The operation on whose behalf it does.

    Returns:
        The operations by name, address and method.
    """
    found = {}
    for name in operation.mapping("callbacks"):
        callback = tree.child(operation, "callbacks", name)
        for address in callback.value if callback else {}:
            for method in METHODS:
                if called := tree.child(tree.child(callback, address), method):
                    found[f"{name} {method.upper()} {address}"] = called
    return found


def _successes(operation: Place) -> list[str]:
    """List the statuses of success; `default` is one if no other is documented."""
    statuses = [*operation.mapping("responses")]
    return [each for each in statuses if each.startswith("2")] or [each for each in statuses if each == "default"]


def _called(parameter: Place) -> str:
    return f"parameter `{parameter.text('name')}` in {parameter.text('in')}"


def _required(place: str, pair: Pair) -> Iterator[Change]:
    was, is_now = (side.value.get("required") is True for side in pair)
    if was != is_now:
        yield Change("wire", is_now, place, f"{NECESSITY[was]} -> {NECESSITY[is_now]}")
