"""Two versions of an object of the document side by side, and how to go down in both at once."""

from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from changes.change import Change, breaking, compatible, shown
from spec import Document
from spec.extensions import KINDS

# What only readers of the document see.
DOCS = {
    *("title", "summary", "description", "example", "examples", "externalDocs", "tags", "links"),
    *("openapi", "license", "contact", "termsOfService", "bearerFormat"),
}
# One object stands for all that are not there.
NOTHING: dict[str, Any] = {}


class Node(NamedTuple):
    """An object of a document, what the report calls it, and the name of the component that it is, if it is one."""

    document: Document
    value: Mapping[str, Any]
    label: str
    component: str = ""

    def child(self, value: Any, label: str) -> "Node":
        """Follow a reference; `label` is added to what the report calls this object."""
        found = self.document.resolve(value)
        if not isinstance(found, Mapping):
            found = NOTHING
        match self.document.steps_of(found):
            case ("components", kind, name):
                return Node(self.document, found, name if kind == "schemas" else f"{kind}/{name}", name)
        return Node(self.document, found, self.label + label)

    def children(self, key: str, label: str) -> "dict[str, Node]":
        """Find the objects in the map or the list under a key, by name or position."""
        held = self.value.get(key) or {}
        items = held.items() if isinstance(held, Mapping) else enumerate(held)
        objects = ((name, each) for name, each in items if isinstance(each, Mapping))
        return {str(name): self.child(each, label.format(each.get("name", name))) for name, each in objects}


class Pair(NamedTuple):
    """An object as it was and as it is."""

    old: Node
    new: Node

    def child(self, key: str, label: str) -> "Pair":
        """Find the objects that both have under a key, references followed."""
        return Pair(*(node.child(node.value.get(key), label) for node in self))

    def children(self, key: str, label: str) -> list[dict[str, Node]]:
        """Find the objects in the map or the list that each has under a key."""
        return [node.children(key, label) for node in self]


def kept(old: Mapping[str, Node], new: Mapping[str, Node]) -> Iterator[Pair]:
    """Pair the objects that are on both sides under the same name."""
    return (Pair(node, new[name]) for name, node in old.items() if name in new)


def leftovers(pair: Pair, compared: Container[str]) -> Iterator[Change]:
    """Compare what has no rules of its own: one line on all of the documentation, and one on each other key."""
    old, new, label = pair.old.value, pair.new.value, pair.new.label
    was, is_now = (each.get("deprecated", False) for each in (old, new))
    if was != is_now:  # the package warns of what is
        yield compatible("python", label, "deprecated now" if is_now else "no longer deprecated")
    docs = []
    keys = (old.keys() | new.keys()) - {"deprecated"}
    for key in sorted(key for key in keys if key not in compared and old.get(key) != new.get(key)):
        before, after = (_without_docs({key: value.get(key)}) for value in (old, new))
        change = f"{key} {shown(old.get(key))} -> {shown(new.get(key))}"
        if before == after:
            docs.append(key)
        elif key.startswith("x-"):
            yield Change("python", not _extends(before, after), label, f"rule of the package: {change}")
        else:
            yield breaking("wire", label, f"{change}, of which nothing is known here")
    if docs:
        yield compatible("wire", label, f"docs: {', '.join(docs)}")


def is_docs(key: str) -> bool:
    """Return whether only readers of the document see what is under a key, as with an extension that nothing reads."""
    return key in DOCS or (key.startswith("x-") and key not in KINDS)


def _without_docs(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_docs(each) for key, each in value.items() if not is_docs(key)}
    return [_without_docs(each) for each in value] if isinstance(value, list) else value


def _extends(old: Any, new: Any) -> bool:
    """Return whether everything that was there still is."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and _extends(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return all(each in new for each in old)
    return old is None or bool(old == new)
