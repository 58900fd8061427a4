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
    """Something that users can name.

    Args:
        origin: Where it is defined; the same for all the places where it can be had.
        kind: What it is.
        type: The type of a value, or of what a function returns; None if it is not said.
        value: The default of an argument, or the value of a member of an enum.
        required: Whether a call must give it.
        by_name: Whether a call can give it by its name.
        by_position: Whether a call can give it by its position.
        order: Of a call, the arguments that can be given by their position.
        bases: Of a class, the names of the classes that it is made of.
    """

    origin: str = field(compare=False)
    kind: str
    type: str | None = None
    value: str | None = None
    required: bool = False
    by_name: bool = False
    by_position: bool = False
    order: tuple[str, ...] = ()
    bases: frozenset[str] = frozenset()


Surface = Mapping[str, Thing]
"""Things by their place: `module.Class.method`, `module.Class.method(parameter)`, and for the order, `...method()`."""


def surface(package: Path) -> Surface:
    """List what users of a package can name.

    Args:
        package: Its folder.

    Returns:
        Everything by its place in the package; several times, if it can be had from several places.
    """
    root = griffe.load(package.name, search_paths=[package.parent], allow_inspection=False)
    return dict(_members("", root))


def _members(prefix: str, parent: griffe.Object | griffe.Alias) -> Iterator[tuple[str, Thing]]:
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


def _thing(place: str, target: griffe.Object, *, is_alias: bool) -> Iterator[tuple[str, Thing]]:
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


def _function(place: str, function: griffe.Function) -> Iterator[tuple[str, Thing]]:
    place = place.removesuffix(".__init__")
    if function.name != "__init__":
        kind = "coroutine function" if "async" in function.labels else "function"
        yield place, Thing(function.path, kind, type=_text(function.returns))
        if function.name.startswith("__"):
            return  # Python calls it, and knows how
    parameters = list(function.parameters)
    if isinstance(function.parent, griffe.Class) and "staticmethod" not in function.labels:
        del parameters[:1]
    for parameter in parameters:
        name = f"({STARS.get(parameter.kind, '')}{parameter.name})"
        yield place + name, _parameter(function.path + name, parameter)
    order = tuple(parameter.name for parameter in parameters if parameter.kind in BY_POSITION)
    yield f"{place}()", Thing(f"{function.path}()", "call", order=order)


def _parameter(origin: str, parameter: griffe.Parameter) -> Thing:
    return Thing(
        origin,
        "parameter",
        type=_text(parameter.annotation),
        value=_text(parameter.default),
        required=parameter.required,
        by_name=parameter.kind in BY_NAME,
        by_position=parameter.kind in BY_POSITION,
    )


def _class(place: str, found: griffe.Class) -> Iterator[tuple[str, Thing]]:
    paths = (base if isinstance(base, str) else base.canonical_path for base in found.bases)
    names = (path.rpartition(".")[2] for path in paths)
    yield place, Thing(found.path, "class", bases=frozenset(name for name in names if not name.startswith("_")))
    yield from _members(f"{place}.", found)
    if _attrs_options(found) is not None:
        order = tuple(name for name, member in found.members.items() if _is_argument(member, by_position=True))
        yield f"{place}()", Thing(f"{found.path}()", "call", order=order)


def _attribute(attribute: griffe.Attribute) -> Thing:
    if _is_member_of_enum(attribute):
        return Thing(attribute.path, "member of an enum", value=_text(attribute.value))
    thing = Thing(attribute.path, "attribute", type=_text(attribute.annotation))
    if not _is_argument(attribute):
        return thing
    options = _options(attribute.value)
    value = options.get("default", options.get("factory")) if options else _text(attribute.value)
    by_position = _is_argument(attribute, by_position=True)
    return replace(thing, value=value, required=value is None, by_name=True, by_position=by_position)


def _is_member_of_enum(attribute: griffe.Attribute) -> bool:
    bases = attribute.parent.bases if isinstance(attribute.parent, griffe.Class) else []
    return any(not isinstance(base, str) and base.canonical_path.startswith("enum.") for base in bases)


def _is_argument(member: griffe.Object | griffe.Alias, *, by_position: bool = False) -> bool:
    """Tell whether a member of a class is an argument of the constructor that attrs makes, and can be by position."""
    options = _attrs_options(member.parent)
    if options is None or not isinstance(member, griffe.Attribute) or "instance-attribute" not in member.labels:
        return False
    options |= _options(member.value)
    return options.get("init") != "False" and not (by_position and options.get("kw_only") == "True")


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
