# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the document calls deprecated: struck through by editors, and warned of where it is used."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

__all__ = ["deprecated", "warn"]

F = TypeVar("F", bound=Callable[..., object])

if TYPE_CHECKING:
    # Type checkers know this name without the package being installed.
    from typing_extensions import deprecated
else:

    def deprecated(message: str, **_options: object) -> Callable[[F], F]:
        """Mark a function as the decorator that type checkers know does; `warn` is what warns."""

        def mark(function: F) -> F:
            function.__deprecated__ = message
            return function

        return mark


def warn(what: str) -> None:
    """Warn whoever calls the package that something is deprecated.

    Args:
        what: What it is.
    """
    level, frame = 1, sys._getframe()  # noqa: SLF001 - there is no other way to the callers on Python 3.11
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(f"{__package__}."):
        level, frame = level + 1, frame.f_back
    warnings.warn(f"{what} is deprecated, and may be dropped by the service", DeprecationWarning, stacklevel=level)
