"""Two versions of a document side by side, and how to go down in both at once."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from changes.change import Change, breaking, compatible, shown
from spec import Document

# What only readers of the document see.
DOCS = {
    *("title", "summary", "description", "example", "examples", "externalDocs", "deprecated", "tags", "links"),
    *("openapi", "license", "contact", "termsOfService", "bearerFormat", "x-if-left-out", "x-other-clients"),
}
# One object stands for all that are not there.
NOTHING: dict[str, Any] = {}


class Node(NamedTuple):
    """An object of a document, what the report calls it, and the name of the component that it is, if it is one."""

    value: Mapping[str, Any]
    label: str
    component: str = ""


class Pair(NamedTuple):
    """An object as it was and as it is."""

    old: Node
    new: Node

    @property
    def label(self) -> str:
        """What the report calls it."""
        return self.new.label

    @property
    def places(self) -> tuple[int, int]:
        """What tells it from all other pairs."""
        return id(self.old.value), id(self.new.value)


class Names(NamedTuple):
    """Names that are gone, that are still there, and that are new."""

    gone: list[str]
    kept: list[str]
    added: list[str]


class Documents(NamedTuple):
    """The document as it was and as it is."""

    old: Document
    new: Document

    def below(self, pair: Pair, key: str, label: str) -> Pair:
        """Find what both have under a key."""
        return Pair(child(self.old, pair.old, key, label), child(self.new, pair.new, key, label))

    def members(self, pair: Pair, key: str, label: str) -> tuple[dict[str, Node], dict[str, Node]]:
        """Find the objects in the map or the list that each has under a key."""
        return children(self.old, pair.old, key, label), children(self.new, pair.new, key, label)


def child(document: Document, node: Node, key: str, label: str) -> Node:
    """Find the object under a key, references followed; its label is added to that of the node."""
    return _node(document, node.value.get(key), node.label + label)


def children(document: Document, node: Node, key: str, label: str) -> dict[str, Node]:
    """Find the objects in the map or the list under a key, by name or position, references followed."""
    held = node.value.get(key) or {}
    items = held.items() if isinstance(held, Mapping) else enumerate(held)
    return {str(name): _node(document, item, node.label + label.format(name)) for name, item in items}


def _node(document: Document, value: Any, label: str) -> Node:
    reference = re.fullmatch("#/components/([^/]+)/([^/]+)", value.get("$ref", "") if isinstance(value, Mapping) else "")
    found = document.resolve(value)
    found = found if isinstance(found, Mapping) else NOTHING
    if not reference:
        return Node(found, label)
    kind, name = reference.groups()
    return Node(found, name if kind == "schemas" else f"{kind}/{name}", name)


def sort_names(old: Mapping[str, object], new: Mapping[str, object]) -> Names:
    """Tell which keys of two mappings are gone, kept and added, each in the order of its mapping."""
    gone, kept = ([name for name in old if (name in new) is wanted] for wanted in (False, True))
    return Names(gone, kept, [name for name in new if name not in old])


def leftovers(pair: Pair, compared: Container[str]) -> Iterator[Change]:
    """Compare what has no rules of its own: one line on all of the documentation, and one on each other key."""
    old, new = pair.old.value, pair.new.value
    docs = []
    for key in sorted(key for key in old.keys() | new.keys() if key not in compared and old.get(key) != new.get(key)):
        before, after = without_docs(old.get(key)), without_docs(new.get(key))
        change = f"{key} {shown(old.get(key))} -> {shown(new.get(key))}"
        if key in DOCS or before == after:
            docs.append(key)
        elif key.startswith("x-"):
            yield Change("python", not _extends(before, after), pair.label, f"rule of the package: {change}")
        else:
            yield breaking("wire", pair.label, f"{change}, of which nothing is known here")
    if docs:
        yield compatible("wire", pair.label, f"docs: {', '.join(docs)}")


def without_docs(value: Any) -> Any:
    """Leave out of a part of the document, all the way down, what only its readers see."""
    if isinstance(value, dict):
        return {key: without_docs(each) for key, each in value.items() if key not in DOCS}
    return [without_docs(each) for each in value] if isinstance(value, list) else value


def _extends(old: Any, new: Any) -> bool:
    """Tell whether everything that was there still is."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and _extends(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return all(each in new for each in old)
    return old is None or bool(old == new)
