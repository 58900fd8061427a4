"""How parsed JSON becomes the values that annotations name, and what happens where it does not fit.

A reader is made of an annotation, so that what a field promises and what is read into it cannot differ. Models read
what is as documented in code of their own, because a page holds thousands of values; everything else comes here.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin

import httpx

from .errors import DecodeError, shown
from .types import Unset

logger = logging.getLogger(__package__)

# Reads a value, given its place. With a list of faults it is strict: it adds what does not fit, at any depth, and what
# it returns means nothing. Without one it raises DecodeError, and models within open as far as they can be read.
Faults = list[tuple[str, str]]
Reader = Callable[[Any, str, Faults | None], Any]

SCALARS = frozenset({str, int, float, bool, NoneType})

# An answer whose objects do not all fit keeps, under this name, what these objects know of it.
ANSWER = "answer"

operation: ContextVar[str] = ContextVar("operation", default="from_dict")
deviations: ContextVar[int] = ContextVar("deviations", default=0)
_reported: set[tuple[str, str]] = set()


class Answer:
    """What an object was read from; it stays behind when the object is pickled, and is the same for its copies."""

    response: httpx.Response | None = None

    def __copy__(self) -> Answer:
        return self

    def __deepcopy__(self, _memo: object) -> Answer:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Answer, ()


def answer(annotation: Any, response: httpx.Response, name: str) -> Any:
    """Read the body of an answer.

    Args:
        annotation: What the operation answers.
        response: The answer; it is marked with `ANSWER` if objects in it have fields that cannot be read.
        name: The operation, for the log.

    Returns:
        What the annotation says.

    Raises:
        DecodeError: The body is not the kind of JSON value that the operation answers.
    """
    before, outer = deviations.get(), operation.set(name)
    try:
        result = reader(annotation)(response.json(), "", None)
    except RecursionError:
        raise DecodeError("", "is nested too deeply") from None
    finally:
        operation.reset(outer)
    if deviations.get() != before:
        response.extensions[ANSWER] = Answer()
        locate(result, "", response.extensions[ANSWER])
    return result


def locate(value: Any, place: str, source: Answer) -> None:
    """Tell all objects in what was read where they are, for the errors of their fields.

    Few answers need it. So the readers of models, which are faster for not knowing of places, are spared it.

    Args:
        value: What was read.
        place: Where it is.
        source: What it was read from.
    """
    if isinstance(value, list):
        for index, item in enumerate(value):
            locate(item, f"{place}[{index}]", source)
    elif hasattr(value, "_locate"):
        value._locate(place, source)  # noqa: SLF001 - see ModelReader


def report(place: str, value: Any, reason: str) -> None:
    """Log that an answer deviates from the document; each kind of deviation once per process.

    Args:
        place: The model, and the field if it is not the whole of it.
        value: What came; UNSET for nothing.
        reason: What is wrong with it.
    """
    deviations.set(deviations.get() + 1)
    kind = (place, type(value).__name__)
    if kind not in _reported:
        _reported.add(kind)
        logger.warning("%s: %s %s; the rest can be read", operation.get(), place, reason)


def outline(value: Any) -> str:
    """Describe a value without showing it: an answer may hold a secret, and errors and logs are read by many."""
    if isinstance(value, str):
        return f"a string like {shown(re.sub('[0-9]', '0', re.sub('[^0-9 .:+/_-]', 'a', value[:100])))}"
    words = {dict: "an object", list: "an array", bool: "true or false", int: "an integer", float: "a number"}
    return "null" if value is None else words.get(type(value), type(value).__name__)


def reject(place: str, wanted: str, value: Any, faults: Faults | None = None) -> None:
    """Report a value of the wrong kind. The value itself is shown only in strict reading."""
    fail(place, f"should be {wanted}, got {outline(value) if faults is None else shown(value)}", faults)


def fail(place: str, reason: str, faults: Faults | None = None) -> None:
    """Add a fault to the others, or raise it where only one is wanted.

    Raises:
        DecodeError: There is no list to add it to.
    """
    if faults is None:
        raise DecodeError(place, reason)
    faults.append((place, reason))


def refuse(faults: Faults) -> NoReturn:
    """Raise one error that names all faults.

    Raises:
        DecodeError: Always. Its field is the first one's.
    """
    (place, reason), *others = faults
    rest = "".join(f"; {field or 'the body'} {reason}" for field, reason in others)
    raise DecodeError(place, reason + rest)


def owned(value: Any) -> Any:
    """Copy JSON, so that whoever has the original may change it; scalars need no copy."""
    if type(value) is list:
        return [inner if type(inner) in SCALARS else owned(inner) for inner in value]
    if not isinstance(value, Mapping):
        return value
    copy = dict(value)
    for key, inner in copy.items():
        if type(inner) not in SCALARS:
            copy[key] = owned(inner)
    return copy


def reader(annotation: Any) -> Reader:
    """Make the reader of an annotation.

    Args:
        annotation: A type, resolved: a scalar, an enum, a model, a list or a union of these.

    Returns:
        The reader. UNSET in a union has no reader, since it stands for what is not there.
    """
    # Unions of the same types are equal in any order, and the order decides what is read.
    return _reader(annotation, repr(annotation))


@cache
def _reader(annotation: Any, _order: str) -> Reader:
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        return _union([each for each in get_args(annotation) if each is not Unset])
    if origin is list:
        return _array(reader(get_args(annotation)[0]))
    if origin is Literal:
        return _literal(get_args(annotation))
    if annotation in _CONVERTERS:
        return _scalar(*_CONVERTERS[annotation])
    if _is_enum(annotation):
        return _enum(annotation)
    return _model(annotation)


def _scalar(wanted: str, convert: Callable[[Any], Any]) -> Reader:
    def read(value: Any, place: str, faults: Faults | None) -> Any:
        try:
            return convert(value)
        except (AttributeError, TypeError, ValueError, OverflowError):
            return reject(place, wanted, value, faults)

    return read


def _exactly(kind: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError
        return value

    return convert


def _integer(value: Any) -> int:
    """Read an integer; JSON may spell it 512.0."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    raise TypeError


def _number(value: Any) -> float:
    if type(value) is float or type(value) is int:
        return value
    raise TypeError


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        # Most bodies never need it, and it takes long to import. RFC 3339 allows lower-case `t` and `z`.
        from dateutil.parser import isoparse  # noqa: PLC0415 - see above

        return isoparse(value.upper())


def _same(value: Any) -> Any:
    return value


_CONVERTERS: dict[Any, tuple[str, Callable[[Any], Any]]] = {
    Any: ("anything", _same),
    object: ("anything", _same),
    str: ("a string", _exactly(str)),
    int: ("an integer", _integer),
    float: ("a number", _number),
    bool: ("true or false", _exactly(bool)),
    NoneType: ("null", _exactly(NoneType)),
    datetime: ("a date and time", _moment),
    date: ("a date", date.fromisoformat),
    uuid.UUID: ("a UUID", uuid.UUID),
}


def _enum(kind: type[Enum]) -> Reader:
    """Read an enum, which is open: a value that is not known is one all the same."""
    convert = _integer if issubclass(kind, int) else _exactly(str)
    return _scalar("an integer" if issubclass(kind, int) else "a string", lambda value: kind(convert(value)))


def _literal(values: tuple[Any, ...]) -> Reader:
    def read(value: Any, place: str, faults: Faults | None) -> Any:
        if value not in values:
            reject(place, f"one of {', '.join(map(repr, values))}", value, faults)
        return value

    return read


def _array(item: Reader) -> Reader:
    """Read a list. One of models opens as far as its items do, any other as a whole, since its items have no fields."""

    def read(value: Any, place: str, faults: Faults | None) -> Any:
        if type(value) is not list:
            return reject(place, "an array", value, faults)
        if faults is None and isinstance(item, ModelReader):
            return [item.model._from_json(inner) for inner in value]  # noqa: SLF001 - see ModelReader
        return [item(inner, f"{place}[{index}]", faults) for index, inner in enumerate(value)]

    return read


class ModelReader:
    """Reads a model; what is no object is refused. It calls private methods of models, which exist for this module.

    Args:
        model: The model.
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def may_be(self, value: Any) -> bool:
        """Return whether an object says of itself nothing else than that it is of this model."""
        told_by = self.model._told_by if isinstance(value, dict) else {}  # noqa: SLF001 - see above
        return all(value.get(key) in values for key, values in told_by.items())

    def __call__(self, value: Any, place: str, faults: Faults | None) -> Any:
        """Read an object."""
        if type(value) is not dict:
            return reject(place, "an object", value, faults)
        if faults is not None:
            self.model._add_faults(value, place, faults)  # noqa: SLF001 - see above
        return self.model._from_json(value)  # noqa: SLF001 - see above


def _union(members: list[Any]) -> Reader:
    """Read the first type that fits wholly; failing that, the first that opens in part."""
    # A known value of an open enum is its member, and so is every other string.
    mixed_in = {base for each in members if _is_enum(each) for base in (str, int) if issubclass(each, base)}
    members = [each for each in members if each not in mixed_in]
    if NoneType in members:
        return _nullable(_union([each for each in members if each is not NoneType]))
    readers = [reader(each) for each in members]
    if len(readers) == 1:
        return readers[0]
    names = ", ".join(getattr(each, "__name__", str(each)) for each in members)

    def read(value: Any, place: str, faults: Faults | None) -> Any:
        able = [one for one in readers if not isinstance(one, ModelReader) or one.may_be(value)]
        for strict in (True, False):
            for one in able:
                found: Faults | None = [] if strict else None
                try:
                    result = one(value, place, found)
                except DecodeError:
                    continue
                if not found:
                    return result
            if faults is not None:
                break
        return reject(place, f"one of {names}", value, faults)

    return read


def _nullable(other: Reader) -> Reader:
    return lambda value, place, faults: None if value is None else other(value, place, faults)


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def _model(model: Any) -> Reader:
    if not hasattr(model, "_from_json"):
        return _scalar(f"a {model.__name__}", _exactly(model))
    return ModelReader(model)
