"""What of a package its users can name: the list that two versions of it are compared by.

griffe reads the package without importing it, and says what is public. It does not know the constructors that attrs
makes, so those are put together here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
        place, target = f"{prefix}{name}", _target(member)
        if target is None:
            yield place, Thing(member.path, "name from elsewhere")
        elif not (member.inherited and _is_reachable(target)):  # if it is both, its base class has a place of its own
            yield from _thing(place, target, is_alias=member.is_alias)


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object | None:
    """Find what a name stands for; None if that is in another package."""
    try:
        return member.final_target if isinstance(member, griffe.Alias) else member
    except griffe.AliasResolutionError:
        return None


def _is_reachable(target: griffe.Object) -> bool:
    """Tell whether the place where something is defined is public, all the way down."""
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
        yield place, Thing(function.path, kind, type=_text(function.returns))
        if function.name.startswith("__"):
            return  # Python calls it, and knows how
    is_method = isinstance(function.parent, griffe.Class) and "staticmethod" not in function.labels
    parameters = list(function.parameters)[int(is_method) :]
    for parameter in parameters:
        name = f"({STARS.get(parameter.kind, '')}{parameter.name})"
        yield place + name, _parameter(function.path + name, parameter)
    order = tuple(parameter.name for parameter in parameters if parameter.kind in BY_POSITION)
    yield f"{place}()", Thing(f"{function.path}()", "call", order=order)


def _parameter(origin: str, parameter: griffe.Parameter) -> Thing:
    by_name, by_position = parameter.kind in BY_NAME, parameter.kind in BY_POSITION
    type_, value = _text(parameter.annotation), _text(parameter.default)
    return Thing(origin, "parameter", type_, value, parameter.required, by_name, by_position)


def _class(place: str, found: griffe.Class) -> Things:
    paths = (base if isinstance(base, str) else base.canonical_path for base in found.bases)
    names = (path.rpartition(".")[2] for path in paths)
    yield place, Thing(found.path, "class", bases=frozenset(name for name in names if not name.startswith("_")))
    yield from _members(f"{place}.", found)
    if _attrs_options(found) is not None:
        fields = {name: _field_options(member) for name, member in found.members.items()}
        order = tuple(name for name, options in fields.items() if options and options["kw_only"] == "False")
        yield f"{place}()", Thing(f"{found.path}()", "call", order=order)


def _attribute(attribute: griffe.Attribute) -> Thing:
    bases = attribute.parent.bases if isinstance(attribute.parent, griffe.Class) else []
    if any(not isinstance(base, str) and base.canonical_path.startswith("enum.") for base in bases):
        return Thing(attribute.path, "member of an enum", value=_text(attribute.value))
    thing, options = Thing(attribute.path, "attribute", type=_text(attribute.annotation)), _field_options(attribute)
    if not options:
        return thing
    value = options.get("default", options.get("factory"))
    return replace(thing, value=value, required=value is None, by_name=True, by_position=options["kw_only"] == "False")


def _field_options(member: griffe.Object | griffe.Alias) -> dict[str, str]:
    """Give what attrs knows of an argument of the constructor that it makes; nothing of what is none."""
    options = _attrs_options(member.parent)
    if options is None or not isinstance(member, griffe.Attribute) or "instance-attribute" not in member.labels:
        return {}
    if isinstance(member.value, griffe.ExprCall) and member.value.canonical_path == "attrs.field":
        options |= _options(member.value)
    elif member.value is not None:
        options["default"] = str(member.value)
    return {} if options.get("init") == "False" else {"kw_only": "False", **options}


def _attrs_options(found: griffe.Object | griffe.Alias | None) -> dict[str, str] | None:
    """Give what attrs is told of a class, as in `@define(kw_only=True)`; None if it does not make the constructor."""
    for decorator in found.decorators if isinstance(found, griffe.Class) else ():
        if decorator.callable_path in ATTRS:
            return _options(decorator.value)
    return None


def _options(call: griffe.Expr | str | None) -> dict[str, str]:
    """Give the arguments of a call by their names."""
    arguments = call.arguments if isinstance(call, griffe.ExprCall) else []
    return {each.name: str(each.value) for each in arguments if isinstance(each, griffe.ExprKeyword)}


def _text(expression: griffe.Expr | str | None) -> str | None:
    return None if expression is None else str(expression)
