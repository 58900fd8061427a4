"""What of a package its users can name: the list that two versions of it are compared by.

griffe reads the package without importing it, and says what is public. It does not know the constructors that attrs
makes, so those are put together here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import griffe

ATTRS = {"attrs.define", "attrs.frozen", "attrs.mutable"}
WAYS = {
    griffe.ParameterKind.positional_only: frozenset({"position"}),
    griffe.ParameterKind.positional_or_keyword: frozenset({"name", "position"}),
    griffe.ParameterKind.keyword_only: frozenset({"name"}),
}
STARS = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}


@dataclass(frozen=True)
class Thing:
    """Something that users can name, and what they rely on in it."""

    origin: str = field(compare=False)  # where it is defined; the same for all the places where it can be had
    kind: str
    type: str | None = None  # of a value, or of what a function returns
    value: str | None = None  # the default of an argument, or the value of a member of an enum
    required: bool = False  # of an argument, like the next
    ways: frozenset[str] = frozenset()  # that it can be given by
    order: tuple[str, ...] = ()  # of a call, the arguments that can be given by their position
    bases: frozenset[str] = frozenset()


Surface = Mapping[str, Thing]
"""Things by their place: `module.Class.method`, `module.Class.method(parameter)`, and for the order, `...method()`."""
Things = Iterator[tuple[str, Thing]]


def surface(package: Path) -> Surface:
    """List what users of a package can name, by its place; what can be had from several places is there repeatedly."""
    root = griffe.load(package.name, search_paths=[package.parent], allow_inspection=False)
    return dict(_members("", root))


def _members(prefix: str, parent: griffe.Object | griffe.Alias) -> Things:
    for name, member in parent.all_members.items():
        try:
            target = member.final_target if isinstance(member, griffe.Alias) else member
        except griffe.AliasResolutionError:
            target = None
        if not member.is_public or (target and member.inherited and _is_reachable(target)):
            continue  # what is inherited from a public class has a place of its own
        place = f"{prefix}{name}"
        if isinstance(target, griffe.Function):
            yield from _function(place, target)
        elif isinstance(target, griffe.Class):
            yield from _class(place, target)
        elif isinstance(target, griffe.Attribute):
            yield place, _attribute(target)
        elif target is None:
            yield place, Thing(member.path, "name from elsewhere")
        else:
            yield place, Thing(target.path, "module")
            if not (member.is_alias and _is_reachable(target)):
                yield from _members(f"{place}.", target)


def _is_reachable(target: griffe.Object) -> bool:
    """Return whether the place where something is defined is public, all the way down."""
    return target.parent is None or (target.is_public and _is_reachable(target.parent))


def _function(place: str, function: griffe.Function) -> Things:
    place = place.removesuffix(".__init__")
    if function.name != "__init__":
        kind = "coroutine function" if "async" in function.labels else "function"
        yield place, Thing(function.path, kind, type=_type(function.returns))
        if function.name.startswith("__"):
            return  # Python calls it, and knows how
    is_method = isinstance(function.parent, griffe.Class) and "staticmethod" not in function.labels
    parameters = list(function.parameters)[int(is_method) :]
    for each in parameters:
        name, type_, default = f"({STARS.get(each.kind, '')}{each.name})", _type(each.annotation), each.default
        ways = WAYS.get(each.kind, frozenset())
        path = function.path + name
        yield place + name, Thing(path, "parameter", type_, default and str(default), each.required, ways)
    order = tuple(each.name for each in parameters if "position" in WAYS.get(each.kind, ""))
    yield f"{place}()", Thing(f"{function.path}()", "call", order=order)


def _class(place: str, found: griffe.Class) -> Things:
    paths = (base if isinstance(base, str) else base.canonical_path for base in found.bases)
    names = (path.rpartition(".")[2] for path in paths)
    yield place, Thing(found.path, "class", bases=frozenset(name for name in names if not name.startswith("_")))
    yield from _members(f"{place}.", found)
    fields = {name: _field(member) for name, member in found.members.items()}
    if order := tuple(name for name, options in fields.items() if options.get("kw_only") == "False"):
        yield f"{place}()", Thing(f"{found.path}()", "call", order=order)


def _attribute(attribute: griffe.Attribute) -> Thing:
    bases = attribute.parent.bases if isinstance(attribute.parent, griffe.Class) else []
    if any(not isinstance(base, str) and base.canonical_path.startswith("enum.") for base in bases):
        return Thing(attribute.path, "member of an enum", value=str(attribute.value))
    type_, options = _type(attribute.annotation), _field(attribute)
    if not options:
        return Thing(attribute.path, "attribute", type_)
    value = options.get("default", options.get("factory"))
    ways = frozenset({"name", "position"} if options["kw_only"] == "False" else {"name"})
    return Thing(attribute.path, "attribute", type_, value, value is None, ways)


def _field(member: griffe.Object | griffe.Alias) -> dict[str, str]:
    """Return what attrs knows of an argument of the constructor that it makes; nothing of what is none."""
    decorators = member.parent.decorators if isinstance(member.parent, griffe.Class) else []
    made = [_options(each.value) for each in decorators if each.callable_path in ATTRS]
    if not made or not isinstance(member, griffe.Attribute) or "instance-attribute" not in member.labels:
        return {}
    if isinstance(member.value, griffe.ExprCall) and member.value.canonical_path == "attrs.field":
        own = _options(member.value)
    else:
        own = {} if member.value is None else {"default": str(member.value)}
    return {} if own.get("init") == "False" else {"kw_only": "False", **made[0], **own}


def _options(call: griffe.Expr | str | None) -> dict[str, str]:
    """Return the arguments of a call by their names."""
    arguments = call.arguments if isinstance(call, griffe.ExprCall) else []
    return {each.name: str(each.value) for each in arguments if isinstance(each, griffe.ExprKeyword)}


def _type(annotation: griffe.Expr | str | None) -> str | None:
    """Return a type without the modules of its names, which may be imported in one way or another."""
    return None if annotation is None else re.sub(r"\b\w+\.(?=\w)", "", str(annotation))
