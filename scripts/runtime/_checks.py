"""Checks of a request before it is sent, and perhaps paid for.

Each function makes a check of one constraint. A check takes the value and the name of the field, lets `UNSET` pass, and
raises in the words of the field: `size must be a multiple of 3, got 10`.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Sized
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import attrs
from attrs import Attribute

from .errors import shown
from .types import UNSET

V = TypeVar("V")
Check = Callable[[Any, str], None]
# Elsewhere, what stands before the colon without `//` behind it is rather a host whose scheme was forgotten.
WITHOUT_HOST = {"data", "mailto", "tel", "urn"}


def validate(body: Any) -> None:
    """Make the checks of an object that is to be sent; an assignment may have broken it since it was made.

    Args:
        body: The object.

    Raises:
        TypeError: It is none of our objects, or one of its fields is of the wrong type.
        ValueError: A field breaks a constraint.
    """
    if body is not UNSET:
        if isinstance(body, type) or not attrs.has(type(body)):
            raise TypeError(f"body must be an object of the class that the function names, got {shown(body)}")
        attrs.validate(body)


def validator(*checks: Check) -> Callable[[Any, Attribute[Any], Any], None]:
    """Make checks into a validator of an attrs class.

    Args:
        checks: The checks, in the order in which they are made.

    Returns:
        A function of the instance, the attribute and the value.
    """

    def check_field(_instance: Any, attribute: Attribute[Any], value: Any) -> None:
        check(value, attribute.name, *checks)

    return check_field


def check(value: Any, name: str, *checks: Check) -> None:
    """Make checks of a value, unless nobody gave it.

    Args:
        value: The value.
        name: What its user calls it.
        checks: The checks, in the order in which they are made.

    Raises:
        TypeError: The value is of the wrong type.
        ValueError: The value breaks a constraint.
    """
    if value is not UNSET:
        for one in checks:
            one(value, name)


def of_type(wanted: str, *types: type) -> Check:
    """Make the check that a value is of one of some types; True and False are no numbers."""

    def check_type(value: Any, name: str) -> None:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise TypeError(f"{name} must be {wanted}, got {shown(value)}")

    return check_type


def _that(holds: Callable[[Any], bool], wanted: str) -> Check:
    def check_that(value: Any, name: str) -> None:
        # Nullable fields may hold None, which has no size.
        if value is not None and not holds(value):
            raise ValueError(f"{name} must {wanted}, got {shown(value)}")

    return check_that


def multiple_of(step: float) -> Check:
    """Make the check that a number is a multiple of another; exact for decimal fractions too."""

    def holds(value: float) -> bool:
        if isinstance(value, int) and isinstance(step, int):
            return value % step == 0
        exact = Fraction(str(step))
        if isinstance(value, float):
            return math.isfinite(value) and Fraction(str(value)) % exact == 0
        return value % exact == 0

    return _that(holds, f"be a multiple of {step}")


def at_least(limit: float) -> Check:
    """Make the check that a number is not below a limit."""
    return _that(lambda value: bool(value >= limit), f"be at least {limit}")


def at_most(limit: float) -> Check:
    """Make the check that a number is not above a limit."""
    return _that(lambda value: bool(value <= limit), f"be at most {limit}")


def more_than(limit: float) -> Check:
    """Make the check that a number is above a limit."""
    return _that(lambda value: bool(value > limit), f"be more than {limit}")


def less_than(limit: float) -> Check:
    """Make the check that a number is below a limit."""
    return _that(lambda value: bool(value < limit), f"be less than {limit}")


def longer_or_equal(size: int) -> Check:
    """Make the check that a string or list is not too short."""
    return _that(
        lambda value: _size(value) >= size, "not be empty" if size == 1 else f"have a length of at least {size}"
    )


def shorter_or_equal(size: int) -> Check:
    """Make the check that a string or list is not too long."""
    return _that(lambda value: _size(value) <= size, f"have a length of at most {size}")


def matching(pattern: str) -> Check:
    """Make the check that a string holds a match of a regular expression."""
    compiled = re.compile(pattern)
    return _that(lambda value: compiled.search(value) is not None, f"match {pattern}")


def in_format(name: str) -> Check:
    """Make the check that a number fits into so many bits, or that a string is an address that leads somewhere."""
    if name == "uri":
        return _that(_is_address, "be an address like https://host/path")
    limit = 2 ** (int(name.removeprefix("int")) - 1)
    return _that(lambda value: bool(-limit <= value < limit), f"fit into {name.removeprefix('int')} bits")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        somewhere = parts.path if parts.scheme in WITHOUT_HOST else parts.hostname
        return bool(parts.scheme and somewhere) and not any(char.isspace() for char in value)
    except ValueError:
        return False


def absent(instead: str, **values: object) -> None:
    """Refuse what says again, or otherwise, what an object says already.

    Args:
        instead: What the object is.
        **values: The arguments.

    Raises:
        TypeError: One of them is given.
    """
    for name, value in values.items():
        if value is not None:
            raise TypeError(f"{name} must be left out, since the {instead} knows it, got {shown(value)}")


def present(instead: str, name: str, value: V | None) -> V:
    """Return an argument that may be missing only where an object knows it.

    Args:
        instead: What the object is.
        name: What its user calls the argument.
        value: The argument.

    Raises:
        TypeError: It is missing.
    """
    if value is None:
        raise TypeError(f"{name} is missing; pass it too, or the {instead} alone")
    return value


@cache
def _members(names: type[Enum]) -> dict[str, str]:
    return {letters(name): name for name in names.__members__}


def letters(text: str) -> str:
    """Return a name without what people spell in different ways: its case, spaces and punctuation.

    Args:
        text: The name.
    """
    return re.sub(r"[\W_]", "", text).casefold()


def no_name_of(names: type[Enum], value: Any, name: str) -> None:
    """Refuse the name of a value in the place of the value.

    Args:
        names: The values that have names.
        value: The value.
        name: What its user calls it.

    Raises:
        ValueError: It is one of the names, however it is spelt.
    """
    if not isinstance(value, str) or value in names._value2member_map_:
        return
    if found := _members(names).get(letters(value)):
        raise ValueError(f"{name} must be the value, not its name {shown(value)}; use {names.__name__}.{found}")


def path_segment(value: Any, name: str) -> str:
    """Return a value as one escaped segment of a path.

    Args:
        value: The value.
        name: What its user calls it.

    Returns:
        The segment; every character that means something in a URL is escaped.

    Raises:
        TypeError: The value is nothing that identifies anything.
        ValueError: The value would lead to another path: it is empty, `.` or `..`, or has white space at an end.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float, uuid.UUID, date)):
        raise TypeError(f"{name} must be a string, got {shown(value)}")
    # An enum says more in `str` than its value.
    text = str.__str__(value) if isinstance(value, str) else str(value)
    if not text or text != text.strip() or text in {".", ".."}:
        raise ValueError(f"{name} must not be empty, `.` or `..`, or have white space at an end, got {text!r}")
    return quote(text, safe="")


def _size(value: Sized) -> int:
    return len(value)
