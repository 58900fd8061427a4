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
        yield True, f"removed{_successor(place, owner, before, after)}"
    elif place in after and after[place].kind != "call":
        yield after[place].required, "added, and required" if after[place].required else "added"


def _successor(place: str, owner: str, before: Surface, after: Surface) -> str:
    """Name what may be the same thing under a new name: the only new one beside it that is just like it."""
    beside = re.compile(rf"{re.escape(owner)}\W?(\w+)\)?")
    new = [match for each in after.keys() - before.keys() if (match := beside.fullmatch(each))]
    alike = [match[1] for match in new if _below(match[0], after) == _below(place, before)]
    return f"; `{alike[0]}`, which is new, is just like it" if len(alike) == 1 else ""


def _below(place: str, things: Surface) -> Surface:
    inner = re.compile(rf"{re.escape(place)}([.(].*)?")
    return {match[1]: thing for each, thing in things.items() if (match := inner.fullmatch(each))}


def _differences(old: Thing, new: Thing) -> Differences:
    if old.kind != new.kind:
        yield True, f"{old.kind} -> {new.kind}"
        return
    yield from _type(old, new)
    if old.required != new.required:
        yield new.required, "is required now" if new.required else "can be left out now"
    elif old.value != new.value:
        yield True, f"{'value' if old.kind == 'member of an enum' else 'default'} {old.value} -> {new.value}"
    for way in ("name", "position"):
        was, can = (getattr(thing, f"by_{way}") for thing in (old, new))
        if was != can:
            yield was, f"can {'no longer' if was else 'now'} be given by {way}"
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
    before, after = _alternatives(old.type), _alternatives(new.type)
    narrow, wide = (before, after) if old.kind == "parameter" else (after, before)
    verb = "returned type" if "function" in old.kind else "type"
    if before != after:
        yield not (narrow <= wide or "Any" in wide), f"{verb} {old.type or 'unknown'} -> {new.type or 'unknown'}"


def _alternatives(text: str | None) -> frozenset[str]:
    """Take a union apart: `int | None` is `int` and `None`; whatever accepts `float` accepts `int`."""
    todo: list[ast.expr] = [ast.parse(text or "Any", mode="eval").body]
    found = set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            todo += [node.left, node.right]
        else:
            found.add(ast.unparse(node))
    return frozenset(found | {"int"} if "float" in found else found)
