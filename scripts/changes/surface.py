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
BY_POSITION = {griffe.ParameterKind.positional_only, griffe.ParameterKind.positional_or_keyword}
BY_NAME = {griffe.ParameterKind.keyword_only, griffe.ParameterKind.positional_or_keyword}
STARS = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}


@dataclass(frozen=True)
class Thing:
    """Something that users can name, and what they rely on in it."""

    origin: str = field(compare=False)  # where it is defined; the same for all the places where it can be had
    kind: str
    type: str | None = None  # of a value, or of what a function returns
    value: str | None = None  # the default of an argument, or the value of a member of an enum
    required: bool = False  # of an argument, like the next two
    by_name: bool = False
    by_position: bool = False
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
        if not member.is_public:
            continue
        place = f"{prefix}{name}"
        try:
            target = member.final_target if isinstance(member, griffe.Alias) else member
        except griffe.AliasResolutionError:
            yield place, Thing(member.path, "name from elsewhere")
            continue
        if not (member.inherited and _is_reachable(target)):  # if it is both, its base class has a place of its own
            yield from _thing(place, target, is_alias=member.is_alias)


def _is_reachable(target: griffe.Object) -> bool:
    """Return whether the place where something is defined is public, all the way down."""
    return target.parent is None or (target.is_public and _is_reachable(target.parent))


def _thing(place: str, target: griffe.Object, *, is_alias: bool) -> Things:
    if isinstance(target, griffe.Function):
        yield from _function(place, target)
    elif isinstance(target, griffe.Class):
        yield from _class(place, target)
    elif isinstance(target, griffe.Attribute):
        yield place, _attribute(target)
    else:
        yield place, Thing(target.path, "module")
        if not (is_alias and _is_reachable(target)):
            yield from _members(f"{place}.", target)


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
        name, type_, value = f"({STARS.get(each.kind, '')}{each.name})", _type(each.annotation), _text(each.default)
        ways = (each.kind in BY_NAME, each.kind in BY_POSITION)
        yield place + name, Thing(function.path + name, "parameter", type_, value, each.required, *ways)
    order = tuple(each.name for each in parameters if each.kind in BY_POSITION)
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
        return Thing(attribute.path, "member of an enum", value=_text(attribute.value))
    type_, options = _type(attribute.annotation), _field(attribute)
    if not options:
        return Thing(attribute.path, "attribute", type_)
    value, by_position = options.get("default", options.get("factory")), options["kw_only"] == "False"
    return Thing(attribute.path, "attribute", type_, value, value is None, by_name=True, by_position=by_position)


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


def _text(expression: griffe.Expr | str | None) -> str | None:
    return None if expression is None else str(expression)


def _type(annotation: griffe.Expr | str | None) -> str | None:
    """Return a type without the modules of its names, which may be imported in one way or another."""
    return None if annotation is None else re.sub(r"\b\w+\.(?=\w)", "", str(annotation))
