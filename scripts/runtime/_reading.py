"""What the models do with a value that is not what they expect.

A model checks the type of a value in its own code, because a page holds thousands of them; it comes here only when the
check fails. A function of this module gives the value in the expected type where nothing is lost by that, and raises
`DecodeError` with the name of the field otherwise.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NoReturn

from dateutil.parser import isoparse

from .errors import DecodeError, shown


def reject(value: Any, field: str, wanted: str) -> NoReturn:
    """Say that a value is not what a field should hold.

    Args:
        value: The value.
        field: Name of the field; empty for the body as a whole.
        wanted: What it should be, with its article.

    Raises:
        DecodeError: Always.
    """
    raise DecodeError(field, f"should be {wanted}, got {shown(value)}")


def integer(value: Any, field: str) -> int:
    """Read an integer; JSON may spell it 512.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    reject(value, field, "an integer")


def number(value: Any, field: str) -> float:
    """Refuse what is no number."""
    reject(value, field, "a number")


def string(value: Any, field: str) -> str:
    """Refuse what is no string."""
    reject(value, field, "a string")


def boolean(value: Any, field: str) -> bool:
    """Refuse what is neither true nor false."""
    reject(value, field, "true or false")


def array(value: Any, field: str) -> list[Any]:
    """Refuse what is no array."""
    reject(value, field, "an array")


def moment(value: Any, field: str) -> dt.datetime:
    """Read a date and time that the standard library refused, RFC 3339's lower-case `t` and `z` among them."""
    if not isinstance(value, str):
        reject(value, field, "a date and time")
    try:
        return isoparse(value.upper())
    except (ValueError, OverflowError):
        reject(value, field, "a date and time")


def date(value: Any, field: str) -> dt.date:
    """Read a date."""
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        reject(value, field, "a date")


def unique_id(value: Any, field: str) -> uuid.UUID:
    """Read a UUID."""
    try:
        return uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        reject(value, field, "a UUID")
