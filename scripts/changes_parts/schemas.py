"""What changes in a schema, for those who send by it and for those who receive.

Every difference makes a schema narrower, wider, or both, as another type does. What is sent by the old schema may be
refused by a narrower one; what comes by a wider one may be more than a receiver by the old schema can read.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from spec.tree import Place, Tree, Steps

from .change import Change, compatible, shown
from .documents import Documents, Pair
from .leftovers import compare_leftovers

Direction = Literal["requests", "answers"]
Effect = Literal["narrower", "wider", "both", "neither"]

TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
AT_LEAST = {"minimum", "minLength", "minItems", "minProperties"}
AT_MOST = {"maximum", "maxLength", "maxItems", "maxProperties"}
SWITCHES = {"exclusiveMinimum", "exclusiveMaximum", "uniqueItems"}
LIMITS = (*sorted(AT_LEAST | AT_MOST | SWITCHES), "multipleOf", "pattern")
COMPARED = {
    *("type", "nullable", "format", "enum", "default", *LIMITS),
    *("required", "properties", "additionalProperties", "items", "allOf", "oneOf", "anyOf"),
}
# Why clients can read answers that differ in these from what they know.
TOLERATED = {
    "enum": "clients keep values that they do not know",
    "additionalProperties": "clients stumble over no field that they do not know",
    "default": "clients read only what is sent",
    **dict.fromkeys(LIMITS, "clients check no limits of what they read"),
}
NECESSITY = {True: "required", False: "optional"}
HELD = ("items", "additionalProperties")


class Difference(NamedTuple):
    """A difference between two schemas: where it is, what it makes of the old one, and how to say it."""

    key: str
    effect: Effect
    what: str


Differences = Iterator[Difference]


@dataclass
class Schema:
    """A schema with all that it takes over by `allOf`.

    Args:
        place: The schema; its value is that of all its parts together.
        required: The names of the properties that it requires.
        properties: Its properties.
        children: The schemas of its items and of its other properties, where there are any.
        alternatives: The schemas of `oneOf` and `anyOf`.
    """

    place: Place
    required: set[str] = field(default_factory=set)
    properties: dict[str, Place] = field(default_factory=dict)
    children: dict[str, Place] = field(default_factory=dict)
    alternatives: list[Place] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """What it says by other keys."""
        return self.place.value


class Schemas:
    """Compares schemas, no pair of them twice.

    Args:
        documents: The documents that they are in.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._seen: set[tuple[Steps, Steps, Direction | None]] = set()

    def compare(self, pair: Pair, direction: Direction) -> Iterator[Change]:
        """Compare two schemas and all below them.

        Args:
            pair: The schemas.
            direction: Whether clients send it or receive it.

        Yields:
            What changes.
        """
        if not self._is_first(pair, direction):
            return
        place = self._documents.label(pair)
        old, new = whole(self._documents.old, pair.old), whole(self._documents.new, pair.new)
        if self._is_first(pair, None):  # what is left means the same in both directions
            yield from compare_leftovers(place, Pair(old.place, new.place), COMPARED)
        yield from (_judged(difference, place, direction) for difference in differences(old, new))
        for below in _pairs(old, new):
            yield from self.compare(below, direction)

    def _is_first(self, pair: Pair, direction: Direction | None) -> bool:
        key = (pair.old.steps, pair.new.steps, direction)
        is_first = key not in self._seen
        self._seen.add(key)
        return is_first


def whole(tree: Tree, place: Place) -> Schema:
    """Put a schema together with all that it takes over by `allOf`.

    Args:
        tree: The document.
        place: The schema.

    Returns:
        All of it; what the schema says itself goes before what it takes over.
    """
    parts = [place]
    values: dict[str, Any] = {}
    schema = Schema(replace(place, value=values))
    for part in parts:
        values.update({key: value for key, value in part.value.items() if key not in values})
        schema.required |= {name for _, name in part.names("required")}
        schema.properties = {**_held(tree, part, "properties"), **schema.properties}
        schema.children = {**{key: each for key in HELD if (each := tree.child(part, key))}, **schema.children}
        schema.alternatives += [*_held(tree, part, "oneOf").values(), *_held(tree, part, "anyOf").values()]
        parts += [each for each in _held(tree, part, "allOf").values() if each not in parts]
    return schema


def _held(tree: Tree, place: Place, key: str) -> dict[str, Place]:
    """Find the schemas that a schema holds in a map or a list, references followed."""
    names = place.mapping(key) or dict(place.items(key))
    return {name: child for name in names if (child := tree.child(place, key, name))}


def differences(old: Schema, new: Schema) -> Differences:
    """Compare two schemas, but not what is below them.

    Args:
        old: The schema as it was.
        new: The schema as it is.

    Yields:
        Each difference.
    """
    gone, _, added = _alternatives(old, new)
    yield from (Difference("oneOf", "narrower", f"cannot be {_name(each)} any more") for each in gone)
    yield from (Difference("oneOf", "wider", f"can be {_name(each)} now") for each in added)
    if bool(old.alternatives) != bool(new.alternatives):
        return  # one of them is itself the alternative to compare
    yield from _types(old, new)
    yield from _format(old, new)
    yield from _enum(old, new)
    yield from _limits(old, new)
    yield from _properties(old, new)


def _types(old: Schema, new: Schema) -> Differences:
    before, after = _types_of(old), _types_of(new)
    if before != after:
        effect: Effect = "narrower" if after < before else "wider" if before < after else "both"
        yield Difference("type", effect, f"type {_type_in_words(old)} -> {_type_in_words(new)}")


def _types_of(schema: Schema) -> frozenset[str]:
    given = schema.values.get("type")
    types = frozenset([given]) if isinstance(given, str) else TYPES
    null = {"null"} if schema.values.get("nullable") else set()
    return types | null | ({"integer"} if "number" in types else set())


def _type_in_words(schema: Schema) -> str:
    return f"{schema.values.get('type', 'any')}{' or null' if schema.values.get('nullable') else ''}"


def _format(old: Schema, new: Schema) -> Differences:
    before, after = old.values.get("format"), new.values.get("format")
    if before != after:
        effect: Effect = "narrower" if before is None else "wider" if after is None else "both"
        yield Difference("format", effect, f"format {shown(before)} -> {shown(after)}")


def _enum(old: Schema, new: Schema) -> Differences:
    before, after = old.values.get("enum"), new.values.get("enum")
    if before is None and after is not None:
        yield Difference("enum", "narrower", f"only {shown(after)} from now on")
    elif before is not None and after is None:
        yield Difference("enum", "wider", f"not only {shown(before)} from now on")
    elif before is not None and after is not None:
        gone, come = ([each for each in one if each not in other] for one, other in ((before, after), (after, before)))
        yield from [Difference("enum", "narrower", f"value {shown(each)} removed") for each in gone]
        yield from [Difference("enum", "wider", f"value {shown(each)} added") for each in come]


def _limits(old: Schema, new: Schema) -> Differences:
    for key in (*LIMITS, "default"):
        before, after = (_limit(schema, key) for schema in (old, new))
        if before != after:
            yield Difference(key, _effect_of_limit(key, before, after), f"{key} {shown(before)} -> {shown(after)}")


def _limit(schema: Schema, key: str) -> Any:
    value = schema.values.get(key)
    return None if key in SWITCHES and value is False else value


def _effect_of_limit(key: str, old: Any, new: Any) -> Effect:
    if key == "default":
        return "both"
    if old is None or new is None:
        return "narrower" if old is None else "wider"
    if key == "multipleOf":
        return "narrower" if new % old == 0 else "wider" if old % new == 0 else "both"
    if key in AT_LEAST | AT_MOST:
        return "narrower" if (new < old) == (key in AT_MOST) else "wider"
    return "both"


def _properties(old: Schema, new: Schema) -> Differences:
    effect: Effect
    for name in sorted(old.properties.keys() | new.properties.keys()):
        was, is_now = name in old.required, name in new.required
        if name not in new.properties:
            yield Difference("properties", "both", f"field `{name}` removed")
        elif name not in old.properties:
            effect = "narrower" if is_now else "neither"
            yield Difference("properties", effect, f"{NECESSITY[is_now]} field `{name}` added")
        elif was != is_now:
            effect = "narrower" if is_now else "wider"
            yield Difference("required", effect, f"field `{name}` is {NECESSITY[is_now]} now")
    was_closed, is_closed = (each.values.get("additionalProperties") is False for each in (old, new))
    if was_closed != is_closed:
        what = f"other fields are {'not ' if is_closed else ''}allowed now"
        yield Difference("additionalProperties", "narrower" if is_closed else "wider", what)


def _judged(difference: Difference, place: str, direction: Direction) -> Change:
    key, effect, what = difference
    is_breaking = effect in {"narrower" if direction == "requests" else "wider", "both"}
    if is_breaking and direction == "answers" and key in TOLERATED:
        return compatible("wire", place, f"in answers: {what}; {TOLERATED[key]}")
    return Change("wire", is_breaking, place, f"in {direction}: {what}")


def _pairs(old: Schema, new: Schema) -> Iterator[Pair]:
    """Pair the schemas below two schemas; what is not said is a schema that anything fits."""
    yield from _alternatives(old, new).kept
    if bool(old.alternatives) != bool(new.alternatives):
        return
    for name in old.properties.keys() & new.properties.keys():
        yield Pair(old.properties[name], new.properties[name])
    for key in old.children.keys() | new.children.keys():
        if old.values.get(key) is not False and new.values.get(key) is not False:
            yield Pair(_child_or_anything(old, key), _child_or_anything(new, key))


def _child_or_anything(schema: Schema, key: str) -> Place:
    return schema.children.get(key, Place("schema", (*schema.place.steps, key), {}))


class Alternatives(NamedTuple):
    """What `oneOf` and `anyOf` allow no longer, still, and only now."""

    gone: list[Place]
    kept: list[Pair]
    added: list[Place]


def _alternatives(old: Schema, new: Schema) -> Alternatives:
    """Tell which alternatives are the same; beside a schema that has some, one that has none is its own."""
    if not old.alternatives and not new.alternatives:
        return Alternatives([], [], [])
    gone, added = (schema.alternatives or [schema.place] for schema in (old, new))
    kept = []
    # The surest likeness first.
    for likeness in (_component, _title, _content, _type, _kind):
        for before in list(gone):
            after = next((each for each in added if likeness(each) == likeness(before) != ""), None)
            if after:
                kept.append(Pair(before, after))
                gone, added = ([each for each in side if each not in kept[-1]] for side in (gone, added))
    return Alternatives(gone, kept, added)


def _component(place: Place) -> str:
    return place.steps[2] if len(place.steps) == len(("components", "schemas", "name")) else ""


def _title(place: Place) -> str:
    return place.text("title")


def _content(place: Place) -> str:
    return json.dumps(place.value, sort_keys=True, default=str)


def _type(place: Place) -> str:
    return place.text("type")


def _kind(place: Place) -> str:
    return place.kind


def _name(place: Place) -> str:
    return _component(place) or _title(place) or _type(place) or shown(place.value)
