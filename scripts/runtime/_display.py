"""How objects of the API look to people: in one line, in several, and in a notebook. Nothing is asked of a server."""

from __future__ import annotations

import html
import reprlib
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ._fields import fields_of
from ._model import Model
from ._open_model import OpenModel
from .errors import DecodeError
from .types import UNSET

LONGEST_LINE = 200
LONGEST_VALUE = 60
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = LONGEST_VALUE
UNREADABLE = "<unreadable: {}>"


class Shown(NamedTuple):
    """An attribute to show; a value that cannot be read is the reason why."""

    name: str
    value: Any
    is_readable: bool = True


def _all(model: Model) -> Iterator[Shown]:
    """Yield the attributes of an object: the most important and the unreadable ones first, then the rest."""
    fields = fields_of(type(model))
    leading, first_of = model._leading, model._first_of  # noqa: SLF001 - as all that models keep for this module
    told = {key for name in leading for key in first_of.get(name, ())}
    rest = []
    for shown in (_shown(model, name) for name in dict.fromkeys([*leading, *fields])):
        field = fields.get(shown.name)
        if not shown.is_readable or (shown.name in leading and shown.value is not UNSET):
            yield shown
        elif field and field.key not in told and shown.value not in (UNSET, *field.nothing):
            rest.append(shown)
    yield from rest
    if isinstance(model, OpenModel):
        others = _shown(model, "additional_properties")
        if others.value:
            yield others


def _shown(model: Model, name: str) -> Shown:
    try:
        return Shown(name, getattr(model, name))
    except DecodeError as error:
        return Shown(name, error.reason, is_readable=False)
    except (AttributeError, ValueError):  # it was made without it, or it was deleted
        return Shown(name, UNSET)


def line(model: Model) -> str:
    """Show an object in one short line, as `repr` does."""
    parts: list[str] = []
    room = LONGEST_LINE
    for shown in _all(model):
        text = f"{shown.name}={_in_line(shown)}"
        room -= len(text) + 2
        if shown.is_readable and room < 0 and parts:
            parts.append("...")
            break
        parts.append(text)
    return f"{type(model).__name__}({', '.join(parts)})"


def _in_line(shown: Shown) -> str:
    value = shown.value
    if not shown.is_readable:
        return UNREADABLE.format(value)
    if isinstance(value, list):
        return f"[{len(value)} item{'s' * (len(value) != 1)}]" if value else "[]"
    if isinstance(value, date):
        return value.isoformat()
    return _SHORT.repr(value.value if isinstance(value, Enum) else value)


def lines(model: Model) -> str:
    """Show an object in several lines, as `print` does."""
    return "\n".join([type(model).__name__, *_lines(model, "  ")])


def _lines(model: Model, indent: str) -> Iterator[str]:
    attributes = list(_all(model))
    width = max((len(each.name) for each in attributes), default=0)
    for shown in attributes:
        value = UNREADABLE.format(shown.value) if not shown.is_readable else shown.value
        inner = value if isinstance(value, list) else [value] if isinstance(value, Model) else []
        head = f"{indent}{shown.name:<{width}}  "
        if inner and all(isinstance(each, Model) for each in inner):
            yield f"{indent}{shown.name}"
            for each in inner:
                first, *others = list(_lines(each, f"{indent}    ")) or [""]
                yield f"{indent}  - {first.strip()}"
                yield from others
        else:
            yield from (f"{head if not number else ' ' * len(head)}{text}" for number, text in enumerate(_text(value)))


def _text(value: Any) -> list[str]:
    """Give a value as lines that do nothing to a terminal."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, date):
        value = value.isoformat()
    lines = (value if isinstance(value, str) else repr(value)).split("\n")
    return ["".join(char if char.isprintable() else repr(char)[1:-1] for char in each) for each in lines]


def page(model: Model) -> str:
    """Show an object in a notebook: its images, which the browser fetches when they come into view, and a table."""
    pictures = "".join(_picture(address) for address in _addresses(model))
    rows = "".join(_row(each) for each in _all(model))
    name = html.escape(type(model).__name__)
    return f"<div>{pictures}<details open><summary>{name}</summary><table>{rows}</table></details></div>"


def _row(shown: Shown) -> str:
    value = shown.value
    if not shown.is_readable:
        text = UNREADABLE.format(value)
    elif isinstance(value, list) and value and all(isinstance(each, Model) for each in value):
        text = "\n".join(map(line, value))
    else:
        text = "\n".join(_text(value))
    style = "text-align: left; white-space: pre-wrap; overflow-wrap: anywhere"
    head = f'<th style="text-align: left">{html.escape(shown.name)}</th>'
    return f'<tr>{head}<td style="{style}">{html.escape(text)}</td></tr>'


def _addresses(model: Model) -> Iterator[str]:
    """Find the addresses of images: the object's own, and those of the objects in it."""
    if name := model._address:  # noqa: SLF001 - as above
        found = _shown(model, name)
        if found.is_readable and isinstance(found.value, str) and _is_web(found.value):
            yield found.value
    for shown in _all(model):
        for each in shown.value if isinstance(shown.value, list) else ():
            if isinstance(each, Model):
                yield from _addresses(each)


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        return False


def _picture(address: str) -> str:
    style = "max-width: 320px; max-height: 320px; margin: 0 4px 4px 0"
    return f'<img src="{html.escape(address)}" alt="" loading="lazy" referrerpolicy="no-referrer" style="{style}">'
