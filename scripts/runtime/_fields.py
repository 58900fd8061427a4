"""The fields of models: their names, how each is read, and whether it holds anything."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

from . import _reading
from .errors import DecodeError
from .types import UNSET, Unset

EMPTY: Any = object()


class Field(NamedTuple):
    """A field of a model: its names in Python and in JSON, the values that stand for nothing, and its reader."""

    name: str
    key: str
    nothing: tuple[Any, ...]
    reader: _reading.Reader

    def read(self, json: Any, place: str = "", faults: _reading.Faults | None = None) -> Any:
        """Read the field of an object; see `_reading.Reader`."""
        if type(json) is not dict:
            return _reading.reject(place, "an object", json, faults)
        value = json.get(self.key, UNSET)
        if value is UNSET or value is None:
            if value in self.nothing:
                return UNSET
            if value is UNSET:
                return _reading.fail(within(place, self.key), "is missing", faults)
        return self.reader(value, within(place, self.key), faults)


def within(place: str, key: str) -> str:
    """Return the place of a property of an object."""
    return f"{place}.{key}" if place else key


_FIELDS: dict[Any, dict[str, Field]] = {}


def fields_of(model: Any) -> dict[str, Field]:
    """Describe the fields of a model, by their annotations.

    Where a field may be left out, a null that is not documented stands for nothing too: a server that stops sending a
    field may send null for it, and a caller may have None where there is nothing to send.
    """
    if model in _FIELDS:
        return _FIELDS[model]
    fields = {}
    hints = get_type_hints(model)
    for name, key in model._names.items():  # noqa: SLF001 - the table is for this
        types = get_args(hints[name])
        null_is_value = name in model._nullable if model._is_sent else NoneType in types  # noqa: SLF001 - as above
        nulls = () if null_is_value or Any in types else (None,)
        fields[name] = Field(name, key, (UNSET, *nulls) if Unset in types else (), _reading.reader(hints[name]))
    return _FIELDS.setdefault(model, fields)


def values_of(enum: type[Enum]) -> dict[Any, Any]:
    """Return the members of an enum by their values, and UNSET, which stands for a value that is left out."""
    return {**enum._value2member_map_, UNSET: UNSET}


def changed(field: Field, json: Mapping[str, Any], value: Any) -> bool:
    """Return whether a field holds something else than what was sent for it."""
    try:
        return bool(field.read(json) != value)
    except DecodeError:
        return True


def slot(model: object, name: str, empty: Any = EMPTY) -> Any:
    """Return the value of a slot, or the marker of an empty one."""
    try:
        return object.__getattribute__(model, name)
    except AttributeError:
        return empty
