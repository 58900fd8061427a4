"""What changes in a schema, for those who send by it and for those who receive.

Every difference makes a schema narrower, wider, or both, as another type does. What is sent by the old schema may be
refused by a narrower one; what comes by a wider one may be more than a receiver by the old schema can read.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from changes.change import Change, compatible, shown
from changes.objects import NOTHING, Documents, Node, Pair, child, children, leftovers
from spec import Document

Direction = Literal["requests", "answers"]
Effect = Literal["narrower", "wider", "both", "neither"]
Differences = Iterator[tuple[str, Effect, str]]
"""A keyword, what its change makes of the schema, and how to say it."""

TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
NECESSITY = {True: "required", False: "optional"}
HELD = {"items": "[]", "additionalProperties": ".*"}


def _other(_old: Any, _new: Any) -> Effect:
    return "both"


def _at_least(old: Any, new: Any) -> Effect:
    return "narrower" if new > old else "wider"


def _at_most(old: Any, new: Any) -> Effect:
    return "narrower" if new < old else "wider"


def _multiple(old: Any, new: Any) -> Effect:
    return "narrower" if new % old == 0 else "wider" if old % new == 0 else "both"


# What another value of a keyword makes of the schema. To say it for the first time makes any schema narrower.
LIMITS: dict[str, Callable[[Any, Any], Effect]] = {
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), _at_least),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), _at_most),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "pattern"), _other),
    "multipleOf": _multiple,
}
KEYWORDS = {**LIMITS, "format": _other, "default": _other}
COMPARED = {*KEYWORDS, *HELD, "type", "nullable", "enum", "required", "properties", "allOf", "oneOf", "anyOf"}
# Why clients can read answers that differ in these from what they know.
TOLERATED = {
    "enum": "clients keep values that they do not know",
    "additionalProperties": "clients stumble over no field that they do not know",
    "default": "clients read only what is sent",
    **dict.fromkeys(LIMITS, "clients check no limits of what they read"),
}


@dataclass
class Schema:
    """A schema with all that it takes over by `allOf`; `held` are the schemas of its items and other fields."""

    values: dict[str, Any] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    properties: dict[str, Node] = field(default_factory=dict)
    held: dict[str, Node] = field(default_factory=dict)
    alternatives: list[Node] = field(default_factory=list)


class Schemas:
    """Compares schemas, no pair of them twice in the same direction."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._seen: set[tuple[tuple[int, int], Direction | None]] = set()

    def compare(self, pair: Pair, direction: Direction) -> Iterator[Change]:
        """Compare two schemas and all below them."""
        if not self._is_first(pair, direction):
            return
        old, new = whole(self._documents.old, pair.old), whole(self._documents.new, pair.new)
        if self._is_first(pair, None):  # what is left means the same in both directions
            values = Pair(pair.old._replace(value=old.values), pair.new._replace(value=new.values))
            yield from leftovers(values, COMPARED)
        alternatives = _alternatives((old, pair.old), (new, pair.new))
        for key, effect, what in _differences(old, new, alternatives):
            yield _judged(key, effect, what, pair.label, direction)
        for below in _below(old, new, alternatives, pair.label):
            yield from self.compare(below, direction)

    def _is_first(self, pair: Pair, direction: Direction | None) -> bool:
        key = (pair.places, direction)
        is_first = key not in self._seen
        self._seen.add(key)
        return is_first


def whole(document: Document, node: Node) -> Schema:
    """Put a schema together; what it says itself goes before what it takes over by `allOf`."""
    schema, parts = Schema(), [node]
    for part in parts:
        schema.values = {**part.value, **schema.values}
        schema.required |= {*part.value.get("required", ())}
        schema.properties = {**children(document, part, "properties", ".{}"), **schema.properties}
        held = {key: child(document, part, key, label) for key, label in HELD.items() if part.value.get(key)}
        schema.held = {**held, **schema.held}
        for key in ("oneOf", "anyOf"):
            schema.alternatives += children(document, part, key, f"/{key}/{{}}").values()
        for each in children(document, part, "allOf", "/allOf/{}").values():
            if not any(each.value is known.value for known in parts):
                parts.append(each)
    return schema


class Alternatives(NamedTuple):
    """What `oneOf` and `anyOf` allow no longer, still, and only now."""

    gone: list[Node]
    kept: list[Pair]
    added: list[Node]


def _alternatives(*versions: tuple[Schema, Node]) -> Alternatives:
    """Tell which alternatives are the same; beside a schema that has some, one that has none is its own."""
    if not any(schema.alternatives for schema, _ in versions):
        return Alternatives([], [], [])
    gone, added = (schema.alternatives or [node] for schema, node in versions)
    kept = []
    # The surest likeness first.
    for likeness in (_component, _title, _content, _type, _any):
        for before in list(gone):
            after = next((each for each in added if likeness(each) == likeness(before) != ""), None)
            if after:
                kept.append(Pair(before, after))
                gone, added = ([each for each in side if each not in kept[-1]] for side in (gone, added))
    return Alternatives(gone, kept, added)


def _component(node: Node) -> str:
    return node.component


def _title(node: Node) -> str:
    return str(node.value.get("title", ""))


def _content(node: Node) -> str:
    return json.dumps(node.value, sort_keys=True, default=str)


def _type(node: Node) -> str:
    return str(node.value.get("type", ""))


def _any(_node: Node) -> str:
    return "schema"


def _differences(old: Schema, new: Schema, alternatives: Alternatives) -> Differences:
    """Compare two schemas, but not what is below them."""
    for each in alternatives.gone:
        yield "oneOf", "narrower", f"cannot be {_name(each)} any more"
    for each in alternatives.added:
        yield "oneOf", "wider", f"can be {_name(each)} now"
    if bool(old.alternatives) == bool(new.alternatives):  # otherwise one of them is itself the alternative to compare
        yield from _types(old.values, new.values)
        yield from _enum(old.values.get("enum"), new.values.get("enum"))
        yield from _keywords(old.values, new.values)
        yield from _fields(old, new)


def _name(node: Node) -> str:
    return node.component or _title(node) or _type(node) or shown(node.value)


def _types(old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    before, after = _types_of(old), _types_of(new)
    if before != after:
        effect: Effect = "narrower" if after < before else "wider" if before < after else "both"
        words = (f"{each.get('type', 'any')}{' or null' if each.get('nullable') else ''}" for each in (old, new))
        yield "type", effect, f"type {' -> '.join(words)}"


def _types_of(values: Mapping[str, Any]) -> frozenset[str]:
    types = frozenset([values["type"]]) if isinstance(values.get("type"), str) else TYPES
    null = {"null"} if values.get("nullable") else set()
    return types | null | ({"integer"} if "number" in types else set())


def _enum(old: list[Any] | None, new: list[Any] | None) -> Differences:
    if old is None and new is not None:
        yield "enum", "narrower", f"only {shown(new)} from now on"
    elif old is not None and new is None:
        yield "enum", "wider", f"not only {shown(old)} from now on"
    elif old is not None and new is not None:
        yield from (("enum", "narrower", f"value {shown(each)} removed") for each in old if each not in new)
        yield from (("enum", "wider", f"value {shown(each)} added") for each in new if each not in old)


def _keywords(old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    for key, effect in KEYWORDS.items():
        # A switch that is off says nothing.
        before, after = (None if key != "default" and each.get(key) is False else each.get(key) for each in (old, new))
        what = f"{key} {shown(before)} -> {shown(after)}"
        if before == after:
            continue
        if key == "default" or not (before is None or after is None):
            yield key, effect(before, after), what
        else:
            yield key, "narrower" if before is None else "wider", what


def _fields(old: Schema, new: Schema) -> Differences:
    for name in sorted(old.properties.keys() | new.properties.keys()):
        was, is_now = name in old.required, name in new.required
        if name not in new.properties:
            yield "properties", "both", f"field `{name}` removed"
        elif name not in old.properties:
            yield "properties", "narrower" if is_now else "neither", f"{NECESSITY[is_now]} field `{name}` added"
        elif was != is_now:
            yield "required", "narrower" if is_now else "wider", f"field `{name}` is {NECESSITY[is_now]} now"
    was_closed, is_closed = (each.values.get("additionalProperties") is False for each in (old, new))
    if was_closed != is_closed:
        what = f"other fields are {'not ' if is_closed else ''}allowed now"
        yield "additionalProperties", "narrower" if is_closed else "wider", what


def _judged(key: str, effect: Effect, what: str, place: str, direction: Direction) -> Change:
    is_breaking = effect in {"narrower" if direction == "requests" else "wider", "both"}
    if is_breaking and direction == "answers" and key in TOLERATED:
        return compatible("wire", place, f"in answers: {what}; {TOLERATED[key]}")
    return Change("wire", is_breaking, place, f"in {direction}: {what}")


def _below(old: Schema, new: Schema, alternatives: Alternatives, label: str) -> Iterator[Pair]:
    """Pair the schemas below two schemas; what is not said is a schema that anything fits."""
    yield from alternatives.kept
    if bool(old.alternatives) != bool(new.alternatives):
        return
    for name in old.properties.keys() & new.properties.keys():
        yield Pair(old.properties[name], new.properties[name])
    for key in old.held.keys() | new.held.keys():
        if old.values.get(key) is not False and new.values.get(key) is not False:
            anything = Node(NOTHING, label + HELD[key])
            yield Pair(old.held.get(key, anything), new.held.get(key, anything))
