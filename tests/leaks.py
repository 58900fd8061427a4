"""A search for a secret in everything that can be reached from an object, as whoever keeps or reports it could."""

import traceback
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, FrameType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

import leap_client
from leap_client._token import Token

PACKAGE = str(Path(leap_client.__file__).parent)
TESTS = Path(__file__).parent
OPAQUE = (type, ModuleType, int, float, complex, type(None))


def leaks(root: object, secret: str) -> list[str]:
    """Find where a secret can be read.

    It looks at attributes, in `__dict__` and `__slots__`; at items and keys; at what functions have closed over; at the
    arguments, notes, causes and contexts of exceptions; and at the variables of every frame of the package in their
    tracebacks. It does not open a `Token`, which is where the secret has to be.

    Args:
        root: Where to begin.
        secret: What to look for.

    Returns:
        The ways that lead to it.
    """
    found = [f"str{way}" for way, text in _spoken(root) if secret in text]
    seen: set[int] = set()
    kept: list[object] = []
    todo: list[tuple[str, object]] = [("", root)]
    while todo:
        way, value = todo.pop()
        if isinstance(value, OPAQUE) or id(value) in seen:
            continue
        seen.add(id(value))
        kept.append(value)  # an object that is gone could leave its id to another
        text = value.decode("latin-1") if isinstance(value, bytes | bytearray) else value
        if isinstance(text, str):
            found += [way] if secret in text else []
        elif not isinstance(value, Token):
            todo += [(f"{way}{step}", each) for step, each in _steps(value)]
    return found


def _spoken(root: object) -> Iterator[tuple[str, str]]:
    """Yield what an object says of itself; of an error also what a reporter of crashes would send, of any frame."""
    yield "()", str(root)
    yield "(repr)", repr(root)
    error = root if isinstance(root, BaseException) else None
    while error:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if Path(frame.f_code.co_filename).parent != TESTS:
                yield from ((f"({frame.f_code.co_name}:{name})", _said(each)) for name, each in frame.f_locals.items())
        error = error.__cause__ or error.__context__


def _said(value: object) -> str:
    """Give the repr of an object, which may be half made."""
    try:
        return repr(value)
    except AttributeError:
        return ""


def _steps(value: Any) -> Iterator[tuple[str, object]]:
    """Yield what can be reached from an object in one step."""
    yield from _special_steps(value)
    yield from ((f".{name}", each) for name, each in list(getattr(value, "__dict__", {}).items()))
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if hasattr(value, name):
                yield f".{name}", getattr(value, name)


def _special_steps(value: Any) -> Iterator[tuple[str, object]]:
    """Yield what can be reached from an object of a built-in type, but for its attributes."""
    if isinstance(value, BaseException):
        yield from ((f".{name}", getattr(value, name)) for name in ("args", "__cause__", "__context__"))
        for frame, _ in traceback.walk_tb(value.__traceback__):
            yield from _variables(frame)
    elif isinstance(value, Mapping):
        for key, each in list(value.items()):
            yield f"[{str(key)[:30]!r}]", each
            yield ".key", key
    elif isinstance(value, list | tuple | AbstractSet):
        yield from ((f"[{number}]", each) for number, each in enumerate(list(value)))
    elif isinstance(value, MethodType):
        yield ".__self__", value.__self__
    elif isinstance(value, FunctionType):
        yield from ((".__closure__", cell.cell_contents) for cell in value.__closure__ or ())
    elif isinstance(value, GeneratorType | CoroutineType | AsyncGeneratorType):
        frame = next(getattr(value, name) for name in ("gi_frame", "cr_frame", "ag_frame") if hasattr(value, name))
        yield from _variables(frame) if frame else ()


def _variables(frame: FrameType) -> Iterator[tuple[str, object]]:
    """Yield the variables of a frame, if it is one of the package."""
    if frame.f_code.co_filename.startswith(PACKAGE):
        yield from ((f" {frame.f_code.co_name}:{name}", each) for name, each in list(frame.f_locals.items()))
