"""What changes in a schema, for those who send by it and for those who receive.

Every difference makes a schema narrower, wider, or both, as another type does. What is sent by the old schema may be
refused by a narrower one; what comes by a wider one may be more than a receiver by the old schema can read.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from changes.change import Change, compatible, shown
from changes.objects import Node, Pair, kept, leftovers

Direction = Literal["requests", "answers"]
Seen = set[tuple[int, int, Direction]]
Values = Mapping[str, Any]
Differences = Iterator[tuple[str, str, str]]
"""A keyword, whether its change makes the schema `narrower`, `wider`, `both` or neither, and how to say it."""

NECESSITY = {True: "required", False: "optional"}
TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
HELD = {"items": "[]", "additionalProperties": ".*"}
AT_LEAST = ("minimum", "minLength", "minItems", "minProperties")
AT_MOST = ("maximum", "maxLength", "maxItems", "maxProperties")
LIMITS = (*AT_LEAST, *AT_MOST, "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "multipleOf", "pattern")
COMPARED = {*LIMITS, *HELD, "format", "default", "type", "nullable", "enum", "required", "properties"}
COMPARED |= {"allOf", "oneOf", "anyOf", "alternatives", "below"}
# Why clients can read answers that differ in these from what they know.
TOLERATED = {
    "enum": "clients keep values that they do not know",
    "additionalProperties": "clients stumble over no field that they do not know",
    "default": "clients read only what is sent",
    **dict.fromkeys(LIMITS, "clients check no limits of what they read"),
}


def compare(pair: Pair, direction: Direction, seen: Seen) -> Iterator[Change]:
    """Compare two schemas and all below them, no pair twice in the same direction."""
    key = (id(pair.old.value), id(pair.new.value), direction)
    if key in seen:
        return
    seen.add(key)
    old, new = map(_whole, pair)
    yield from leftovers(Pair(old, new), COMPARED)
    same: list[Pair] = []
    differences: list[tuple[str, str, str]] = []
    if any(each.value["alternatives"] for each in (old, new)):
        before = old.value["alternatives"] or _itself(pair.old, new.value)
        after = new.value["alternatives"] or _itself(pair.new, old.value)
        same += kept(before, after)
        differences += (("oneOf", "narrower", f"cannot be {name} any more") for name in before.keys() - after.keys())
        differences += (("oneOf", "wider", f"can be {name} now") for name in after.keys() - before.keys())
    if bool(old.value["alternatives"]) == bool(new.value["alternatives"]):  # otherwise one is itself an alternative
        same += kept(old.value["properties"], new.value["properties"])
        closed = {key for key in HELD if any(each.value.get(key) is False for each in (old, new))}
        same += (Pair(old.value["below"][key], new.value["below"][key]) for key in HELD.keys() - closed)
        differences += _differences(old.value, new.value)
    yield from (_judged(*each, new.label, direction) for each in differences)
    for each in same:
        yield from compare(each, direction, seen)


def _judged(key: str, effect: str, what: str, label: str, direction: Direction) -> Change:
    is_breaking = effect in {"narrower" if direction == "requests" else "wider", "both"}
    if is_breaking and direction == "answers" and key in TOLERATED:
        return compatible("wire", label, f"in answers: {what}; {TOLERATED[key]}")
    return Change("wire", is_breaking, label, f"in {direction}: {what}")


def _whole(node: Node) -> Node:
    """Put a schema together, its fields and alternatives by name; its own words go before what it has by `allOf`."""
    parts = [node]
    for part in parts:
        known = {id(each.value) for each in parts}
        parts += [each for each in part.children("allOf", "/allOf/{}").values() if id(each.value) not in known]
    values: dict[str, Any] = {}
    required, properties, alternatives = set[str](), dict[str, Node](), dict[str, Node]()
    # What is not said is a schema that anything fits.
    below = {key: node.child(None, label) for key, label in HELD.items()}
    for part in reversed(parts):
        values.update(part.value)
        required.update(part.value.get("required", ()))
        properties.update(part.children("properties", ".{}"))
        below.update({key: part.child(part.value[key], label) for key, label in HELD.items() if part.value.get(key)})
        for each in (each for key in ("oneOf", "anyOf") for each in part.children(key, f"/{key}/{{}}").values()):
            name = _names(each)[0]
            while name in alternatives:
                name += " too"
            alternatives[name] = each
    values |= {"required": required, "properties": properties, "alternatives": alternatives, "below": below}
    return node._replace(value=values)


def _names(node: Node) -> list[str]:
    """Return what an alternative may be called, the surest name first."""
    return list(filter(None, (node.component, node.value.get("title"), node.value.get("type"), "any")))


def _itself(schema: Node, other: Values) -> Mapping[str, Node]:
    """Return a schema as its own only alternative, under a name that the other schema knows."""
    known = [name for name in _names(schema) if name in other["alternatives"]]
    return {[*known, *_names(schema)][0]: schema}


def _differences(old: Values, new: Values) -> Differences:
    """Compare two schemas, but not what is below them."""
    before, after = _types(old), _types(new)
    if before != after:
        effect = "narrower" if after < before else "wider" if before < after else "both"
        words = (f"{each.get('type', 'any')}{' or null' * bool(each.get('nullable'))}" for each in (old, new))
        yield "type", effect, f"type {' -> '.join(words)}"
    for key in (*LIMITS, "format", "default"):
        was, is_now = old.get(key), new.get(key)
        if key != "default":  # a switch that is off says nothing
            was, is_now = (None if value is False else value for value in (was, is_now))
        if was != is_now:
            yield key, _effect(key, was, is_now), f"{key} {shown(was)} -> {shown(is_now)}"
    yield from _enum(old.get("enum"), new.get("enum"))
    yield from _fields(old, new)


def _types(values: Values) -> frozenset[str]:
    types = frozenset([values["type"]]) if isinstance(values.get("type"), str) else TYPES
    return types | ({"null"} if values.get("nullable") else set()) | ({"integer"} if "number" in types else set())


def _effect(key: str, old: Any, new: Any) -> str:
    if key != "default" and (old is None or new is None):
        return "narrower" if old is None else "wider"
    if key == "multipleOf":
        return "narrower" if new % old == 0 else "wider" if old % new == 0 else "both"
    if key in AT_LEAST + AT_MOST:
        return "narrower" if (new < old) == (key in AT_MOST) else "wider"
    return "both"


def _enum(old: list[Any] | None, new: list[Any] | None) -> Differences:
    if old is not None and new is not None:
        yield from (("enum", "narrower", f"value {shown(each)} removed") for each in old if each not in new)
        yield from (("enum", "wider", f"value {shown(each)} added") for each in new if each not in old)
    elif new is not None:
        yield "enum", "narrower", f"only {shown(new)} from now on"
    elif old is not None:
        yield "enum", "wider", f"not only {shown(old)} from now on"


def _fields(old: Values, new: Values) -> Differences:
    for name in sorted(old["properties"].keys() | new["properties"].keys()):
        was, is_now = (name in each["required"] for each in (old, new))
        if name not in new["properties"]:
            yield "properties", "both", f"field `{name}` removed"
        elif name not in old["properties"]:
            yield "properties", "narrower" if is_now else "neither", f"{NECESSITY[is_now]} field `{name}` added"
        elif was != is_now:
            yield "required", "narrower" if is_now else "wider", f"field `{name}` is {NECESSITY[is_now]} now"
    was_closed, is_closed = (each.get("additionalProperties") is False for each in (old, new))
    if was_closed != is_closed:
        what = f"other fields are {'not ' if is_closed else ''}allowed now"
        yield "additionalProperties", "narrower" if is_closed else "wider", what
