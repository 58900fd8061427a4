"""What changes in a schema, for those who send by it and for those who receive.

Every difference makes a schema narrower, wider, or both, as another type does. What is sent by the old schema may be
refused by a narrower one; what comes by a wider one may be more than a receiver by the old schema can read.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from changes.change import Change, compatible, shown
from changes.objects import NOTHING, Node, Pair, kept, leftovers

Direction = Literal["requests", "answers"]
Effect = Literal["narrower", "wider", "both", "neither"]
Differences = Iterator[tuple[str, Effect, str]]
"""A keyword, what its change makes of the schema, and how to say it."""

NECESSITY = {True: "required", False: "optional"}
TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
HELD = {"items": "[]", "additionalProperties": ".*"}
AT_LEAST = {"minimum", "minLength", "minItems", "minProperties"}
AT_MOST = {"maximum", "maxLength", "maxItems", "maxProperties"}
LIMITS = {*AT_LEAST, *AT_MOST, "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "multipleOf", "pattern"}
COMPARED = LIMITS | HELD.keys() | {"format", "default", "type", "nullable", "enum", "required", "properties"}
COMPARED |= {"allOf", "oneOf", "anyOf"}
# Why clients can read answers that differ in these from what they know.
TOLERATED = {
    "enum": "clients keep values that they do not know",
    "additionalProperties": "clients stumble over no field that they do not know",
    "default": "clients read only what is sent",
    **dict.fromkeys(LIMITS, "clients check no limits of what they read"),
}
# What two alternatives of `oneOf` have in common if they are the same one; the surest likeness comes first.
LIKENESSES = (
    lambda node: node.component,
    lambda node: node.value.get("title"),
    lambda node: json.dumps(node.value, sort_keys=True, default=str),
    lambda node: node.value.get("type"),
    lambda node: node.value is not NOTHING,
)


class Schemas:
    """Compares schemas, no pair of them twice in the same direction."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int, Direction | None]] = set()

    def compare(self, pair: Pair, direction: Direction) -> Iterator[Change]:
        """Compare two schemas and all below them."""
        if not self._is_first(pair, direction):
            return
        old, new = whole(pair.old), whole(pair.new)
        if self._is_first(pair, None):  # what is left means the same in both directions
            values = (node._replace(value=schema.values) for node, schema in zip(pair, (old, new), strict=True))
            yield from leftovers(Pair(*values), COMPARED)
        gone, same, added = _alternatives(old, new)
        yield from (_judged("oneOf", "narrower", f"cannot be {_name(each)} any more", pair, direction) for each in gone)
        yield from (_judged("oneOf", "wider", f"can be {_name(each)} now", pair, direction) for each in added)
        if bool(old.alternatives) == bool(new.alternatives):  # otherwise one of them is itself an alternative
            yield from (_judged(*difference, pair, direction) for difference in _differences(old, new))
            same += _below(old, new, pair.label)
        for each in same:
            yield from self.compare(each, direction)

    def _is_first(self, pair: Pair, direction: Direction | None) -> bool:
        key = (id(pair.old.value), id(pair.new.value), direction)
        is_first = key not in self._seen
        self._seen.add(key)
        return is_first


class Schema(NamedTuple):
    """A schema with all that it takes over by `allOf`; `held` are the schemas of its items and other fields."""

    node: Node
    values: dict[str, Any]
    required: set[str]
    properties: dict[str, Node]
    held: dict[str, Node]
    alternatives: list[Node]


def whole(node: Node) -> Schema:
    """Put a schema together; what it says itself goes before what it takes over by `allOf`."""
    schema, parts = Schema(node, {}, set(), {}, {}, []), [node]
    for part in parts:
        _fill(schema.values, part.value)
        schema.required.update(part.value.get("required", ()))
        _fill(schema.properties, part.children("properties", ".{}"))
        _fill(schema.held, {key: part.child(key, label) for key, label in HELD.items() if part.value.get(key)})
        schema.alternatives.extend(part.children("oneOf", "/oneOf/{}").values())
        schema.alternatives.extend(part.children("anyOf", "/anyOf/{}").values())
        known = {id(each.value) for each in parts}
        parts += [each for each in part.children("allOf", "/allOf/{}").values() if id(each.value) not in known]
    return schema


def _fill(known: dict[str, Any], more: Mapping[str, Any]) -> None:
    known.update({key: value for key, value in more.items() if key not in known})


def _alternatives(old: Schema, new: Schema) -> tuple[list[Node], list[Pair], list[Node]]:
    """Tell which alternatives are gone, kept and new; beside a schema that has some, one that has none is its own."""
    if not old.alternatives and not new.alternatives:
        return [], [], []
    gone, added = (schema.alternatives or [schema.node] for schema in (old, new))
    same = []
    for likeness in LIKENESSES:
        for before in list(gone):
            after = next((each for each in added if likeness(before) and likeness(each) == likeness(before)), None)
            if after:
                same.append(Pair(before, after))
                gone, added = ([each for each in side if each not in same[-1]] for side in (gone, added))
    return gone, same, added


def _name(node: Node) -> str:
    return node.component or str(node.value.get("title") or node.value.get("type") or shown(node.value))


def _differences(old: Schema, new: Schema) -> Differences:
    """Compare two schemas, but not what is below them."""
    yield from _types(old.values, new.values)
    yield from _enum(old.values.get("enum"), new.values.get("enum"))
    for key in (*LIMITS, "format", "default"):
        # A switch that is off says nothing.
        said = (each.values.get(key) for each in (old, new))
        before, after = (None if value is False and key != "default" else value for value in said)
        if before != after:
            yield key, _effect(key, before, after), f"{key} {shown(before)} -> {shown(after)}"
    yield from _fields(old, new)


def _types(old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    before, after = _types_of(old), _types_of(new)
    if before != after:
        effect: Effect = "narrower" if after < before else "wider" if before < after else "both"
        words = (f"{each.get('type', 'any')}{' or null' if each.get('nullable') else ''}" for each in (old, new))
        yield "type", effect, f"type {' -> '.join(words)}"


def _types_of(values: Mapping[str, Any]) -> frozenset[str]:
    types = frozenset([values["type"]]) if isinstance(values.get("type"), str) else TYPES
    return types | ({"null"} if values.get("nullable") else set()) | ({"integer"} if "number" in types else set())


def _enum(old: list[Any] | None, new: list[Any] | None) -> Differences:
    if old is None and new is not None:
        yield "enum", "narrower", f"only {shown(new)} from now on"
    elif old is not None and new is None:
        yield "enum", "wider", f"not only {shown(old)} from now on"
    elif old is not None and new is not None:
        yield from (("enum", "narrower", f"value {shown(each)} removed") for each in old if each not in new)
        yield from (("enum", "wider", f"value {shown(each)} added") for each in new if each not in old)


def _effect(key: str, old: Any, new: Any) -> Effect:
    if key != "default" and (old is None or new is None):
        return "narrower" if old is None else "wider"
    if key == "multipleOf":
        return "narrower" if new % old == 0 else "wider" if old % new == 0 else "both"
    if key in AT_LEAST | AT_MOST:
        return "narrower" if (new < old) == (key in AT_MOST) else "wider"
    return "both"


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


def _judged(key: str, effect: Effect, what: str, pair: Pair, direction: Direction) -> Change:
    is_breaking = effect in {"narrower" if direction == "requests" else "wider", "both"}
    if is_breaking and direction == "answers" and key in TOLERATED:
        return compatible("wire", pair.label, f"in answers: {what}; {TOLERATED[key]}")
    return Change("wire", is_breaking, pair.label, f"in {direction}: {what}")


def _below(old: Schema, new: Schema, label: str) -> Iterator[Pair]:
    """Pair the schemas below two schemas; what is not said is a schema that anything fits."""
    yield from kept(old.properties, new.properties)
    for key in old.held.keys() | new.held.keys():
        if old.values.get(key) is not False and new.values.get(key) is not False:
            anything = Node(old.node.document, NOTHING, label + HELD[key])
            yield Pair(old.held.get(key, anything), new.held.get(key, anything))
