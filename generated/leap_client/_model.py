# Generated from openapi.yaml by `make generate`. Do not edit.
"""What all models share: an object opens as far as it can be read.

A field that is missing or of the wrong kind leaves its slot empty. Python then asks `__getattr__` for it, which raises
`DecodeError`; what was read never gets there, so its access costs what it always does. The JSON that a model was read
from is kept as it came, for `to_dict` and for the fields beside the documented ones.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from . import _reading
from ._fields import EMPTY, changed, fields_of, slot, within
from .errors import DecodeError
from .types import UNSET

# What a model raises while it reads an object that is not quite as documented.
ODD = (AttributeError, KeyError, TypeError, ValueError)
# A page makes thousands of objects: what is looked up for each of them is at hand here.
new = object.__new__
moment = datetime.fromisoformat


class Model:
    """The base of the models.

    Models with the same fields are equal, however they were made. A field that cannot be read is equal to one that
    holds the same JSON.
    """

    __slots__ = ("_json", "_origin")

    _json: Any
    _origin: tuple[str, _reading.Answer]
    _names: ClassVar[Mapping[str, str]] = {}
    _first_of: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # What people look at first, and what holds the address of an image.
    _leading: ClassVar[tuple[str, ...]] = ()
    _address: ClassVar[str] = ""
    # The fields of what is sent may hold None; only for these that is a value.
    _is_sent: ClassVar[bool] = False
    _nullable: ClassVar[frozenset[str]] = frozenset()
    # What some fields say by which unions tell this model from others.
    _told_by: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any], *, strict: bool = False) -> Self:
        """Read the object from parsed JSON, as far as it can be read.

        Args:
            src_dict: The JSON object; it is copied, so neither it nor the model follows changes of the other.
            strict (bool, optional): Whether to refuse an object with any field that is missing or of the wrong kind.
                If left out: such a field raises DecodeError when it is touched.

        Returns:
            The object, with everything that it holds.

        Raises:
            DecodeError: It is no object; if strict, all faults, the first as `field`.
        """
        if not isinstance(src_dict, Mapping):
            _reading.reject("", "an object", src_dict)
        try:
            json = _reading.owned(src_dict)
            if strict:
                faults: _reading.Faults = []
                cls._add_faults(json, "", faults)
                if faults:
                    _reading.refuse(faults)
            before = _reading.deviations.get()
            self = cls._from_json(json)
        except RecursionError:
            raise DecodeError("", "is nested too deeply") from None
        if _reading.deviations.get() != before:
            self._locate("", _reading.Answer())
        return self

    @classmethod
    def _from_json(cls, _json: Any) -> Self:
        """Read parsed JSON that nobody else changes. Models do this faster for what is as documented."""
        self = new(cls)
        self._json = _json
        return self._tolerate()

    def _tolerate(self) -> Self:
        """Read what can be read, and report the rest."""
        json, model = self._json, type(self).__name__
        if type(json) is not dict:
            _reading.report(model, json, f"should be an object, got {_reading.outline(json)}")
            return self
        for field in fields_of(type(self)).values():
            try:
                setattr(self, field.name, field.read(json))
            except DecodeError as error:
                _reading.report(f"{model}.{field.key}", json.get(field.key, UNSET), error.reason)
        for name, keys in self._first_of.items():
            if all(json.get(key) is None for key in keys):
                _reading.report(f"{model}.{name}", UNSET, f"has none of {', '.join(keys)}")
        return self

    def _locate(self, place: str, source: _reading.Answer) -> None:
        """Remember where in the answer the object is, and pass that on to the objects in it."""
        self._origin = (place, source)
        for name, key in self._names.items():
            _reading.locate(slot(self, name), within(place, key), source)

    @contextmanager
    def _located(self) -> Iterator[str]:
        """Return where the object is in the answer, which is put on the error that is raised."""
        place, source = slot(self, "_origin", ("", None))
        try:
            yield place
        except DecodeError as error:
            error.response = source and source.response
            raise

    @classmethod
    def _add_faults(cls, json: dict[str, Any], place: str, faults: _reading.Faults) -> None:
        """Find everything in an object that is not as documented."""
        for field in fields_of(cls).values():
            field.read(json, place, faults)
        for keys in cls._first_of.values():
            if all(json.get(key) is None for key in keys):
                faults.append((place, f"has none of {', '.join(keys)}"))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Say why a slot is empty."""
            if name != "_json" and name in self._names and (json := self._sent()) is not EMPTY:
                # Only a field that cannot be read, or was deleted, comes here.
                with self._located() as place:
                    return fields_of(type(self))[name].read(json, place)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _first(self, name: str) -> Any:
        """Return the first of the fields that is there and can be read.

        Raises:
            DecodeError: None can be read.
            ValueError: The object was made without any of them.
        """
        keys = self._first_of[name]
        error: Exception | None = None
        for field in fields_of(type(self)).values():
            if field.key in keys:
                try:
                    value = getattr(self, field.name)
                except DecodeError as unreadable:
                    error = error or unreadable
                else:
                    if value is not UNSET:
                        return value
        if error is None and self._sent() is EMPTY:
            raise ValueError(f"none of {', '.join(keys)} is set")
        with self._located() as place:
            raise error or DecodeError(place, f"has none of {', '.join(keys)}")

    @classmethod
    def from_json(cls, text: str | bytes, *, strict: bool = False) -> Self:
        """Read the object from JSON; see `from_dict`.

        Args:
            text: The JSON, as text or in UTF-8.
            strict (bool, optional): See `from_dict`.

        Returns:
            The object, with everything that it holds.

        Raises:
            DecodeError: It is no JSON, or no object; if strict, all faults.
        """
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DecodeError("", f"is not JSON: {error}") from error
        return cls.from_dict(value, strict=strict)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the object as JSON text; see `to_dict`.

        Args:
            indent (int | None, optional): Spaces by which each level is indented. If left out: all is in one line.

        Returns:
            The JSON, which `from_json` reads.

        Raises:
            DecodeError: It was read from what is no object.
        """
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the object as JSON: what was read as it came, what was set as it is now, and nothing that is unset.

        Raises:
            DecodeError: It was read from what is no object.
        """
        json = self._sent()
        if json is EMPTY:
            json = {}
        elif type(json) is not dict:
            with self._located() as place:
                _reading.reject(place, "an object", json)
        result = self._rest(json)
        for field in fields_of(type(self)).values():
            value = slot(self, field.name)
            is_unset = value in field.nothing
            if value is EMPTY or not ((is_unset and self._is_sent) or changed(field, json, value)):
                continue
            if is_unset:
                result.pop(field.key, None)
            else:
                result[field.key] = written(value)
        return result

    def _rest(self, json: dict[str, Any]) -> dict[str, Any]:
        """Copy what was sent, whether the document has it or not."""
        copy: dict[str, Any] = _reading.owned(json)
        return copy

    def _sent(self) -> Any:
        """Return the JSON that the object was read from; EMPTY if it was made otherwise."""
        return slot(self, "_json")

    def _values(self) -> Iterator[tuple[str, Any, bool]]:
        """Return the name and the value of each field, or its JSON, and whether it was read."""
        json = self._sent()
        for name, key in self._names.items():
            value = slot(self, name)
            if value is not EMPTY:
                yield name, value, True
            else:
                yield name, json.get(key, UNSET) if type(json) is dict else json, False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(self) is not type(other):
            return NotImplemented
        return list(self._values()) == list(other._values())

    __hash__ = None  # type: ignore[assignment]  # as of every object that is compared by what can change

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        from . import _pydantic  # noqa: PLC0415 - only pydantic asks for it, so that it need not be installed

        return _pydantic.schema(cls, handler)

    # Looked at by people only, and loaded when one does.

    def __repr__(self) -> str:
        from . import _display  # noqa: PLC0415 - see above

        return _display.line(self)

    def __str__(self) -> str:
        from . import _display  # noqa: PLC0415 - see above

        return _display.lines(self)

    def _repr_html_(self) -> str:
        from . import _display  # noqa: PLC0415 - see above

        return _display.page(self)

    def __getstate__(self) -> dict[str, Any]:
        names = [*self._names, "_json", "_origin", "additional_properties"]
        return {name: value for name in names if (value := slot(self, name)) is not EMPTY}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


def written(value: Any) -> Any:
    """Turn a value of a model into JSON."""
    if isinstance(value, Model):
        json = value._sent()  # noqa: SLF001 - of another model
        return value.to_dict() if json is EMPTY or type(json) is dict else _reading.owned(json)
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.value if isinstance(value, Enum) else value
