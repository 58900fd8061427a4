"""What changes for code that uses the package.

griffe's own comparison does not suffice: it knows no types, neither of parameters nor of attributes, no constructors
that attrs makes, and nothing of what was added. So the lists of what users can name are compared, place by place.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from changes.change import Change, breaking
from changes.surface import Surface, Thing, surface

Differences = Iterator[tuple[bool, str]]
"""Whether something can fail, and why."""


def compare(old: Path, new: Path) -> Iterator[Change]:
    """Compare two versions of a package, each the folder of one."""
    if old.name != new.name:
        yield breaking("python", old.name, f"the package is called `{new.name}` now")
    before, after = surface(old), surface(new)
    seen = set()
    for place in sorted(before.keys() | after.keys()):
        origin = (before.get(place) or after[place]).origin
        for is_breaking, what in _compare(place, before, after):
            # What can be had from several places has changed but once.
            if (origin, what) not in seen:
                seen.add((origin, what))
                yield Change("python", is_breaking, place, what)


def _compare(place: str, before: Surface, after: Surface) -> Differences:
    owner = re.sub(r"(\.?\w+|\(\W*\w*\))$", "", place)
    if (owner in before) != (owner in after):
        return  # it came or went with its owner
    if place in before and place in after:
        yield from _differences(before[place], after[place])
    elif place in before and before[place].kind != "call":
        yield True, "removed"
    elif place in after and after[place].kind != "call":
        yield after[place].required, "added, and required" if after[place].required else "added"


def _differences(old: Thing, new: Thing) -> Differences:
    if old.kind != new.kind:
        yield True, f"{old.kind} -> {new.kind}"
        return
    yield from _type(old, new)
    if old.required != new.required:
        yield new.required, "is required now" if new.required else "can be left out now"
    elif old.value != new.value:
        yield True, f"{'value' if old.kind == 'member of an enum' else 'default'} {old.value} -> {new.value}"
    for way in sorted(old.ways ^ new.ways):
        yield way in old.ways, f"can {'no longer' if way in old.ways else 'now'} be given by {way}"
    # Of the arguments that calls gave by position, those that are left must have kept their places.
    kept = tuple(name for name in old.order if name in new.order)
    if not old.order[: len(kept)] == kept == new.order[: len(kept)]:
        yield True, f"order of the arguments: {', '.join(old.order)} -> {', '.join(new.order)}"
    yield from ((True, f"is no {name} any more") for name in sorted(old.bases - new.bases))
    yield from ((False, f"is a {name} now") for name in sorted(new.bases - old.bases))


def _type(old: Thing, new: Thing) -> Differences:
    """Compare types: what can be given must not become less, what is got must not become more.

    An attribute counts as something that is got, also where it can be assigned.
    """
    before, after = (_alternatives(ast.parse(each.type or "Any", mode="eval").body) for each in (old, new))
    narrow, wide = (before, after) if old.kind == "parameter" else (after, before)
    verb = "returned type" if "function" in old.kind else "type"
    if before != after:
        yield not (narrow <= wide or "Any" in wide), f"{verb} {old.type or 'unknown'} -> {new.type or 'unknown'}"


def _alternatives(node: ast.expr) -> frozenset[str]:
    """Take a union apart: `int | None` is `int` and `None`; whatever accepts `float` accepts `int`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _alternatives(node.left) | _alternatives(node.right)
    name = ast.unparse(node)
    return frozenset({"float", "int"} if name == "float" else {name})
