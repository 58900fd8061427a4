# Generated from openapi.yaml by `make generate`. Do not edit.
"""The token: sent, and otherwise seen nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

from . import _spec
from ._answers import changed
from ._faults import chain
from ._redaction import redact

QUOTES = ("'", '"', "`")


class Token:
    """A token that can be sent and pickled, but not seen: not in a repr, not in `vars()`, not in a traceback."""

    __slots__ = ("_reveal",)
    _reveal: Callable[[], str]

    def __init__(self, value: str) -> None:
        self._reveal = lambda: value

    def __repr__(self) -> str:
        return "Token(...)"

    def __reduce__(self) -> tuple[Any, ...]:
        return Token, (self._reveal(),)

    def put_on(self, request: httpx.Request) -> None:
        """Add the token to a request."""
        request.headers[_spec.TOKEN_HEADER] = _spec.TOKEN_PREFIX + self._reveal()

    def take_off(self, request: httpx.Request) -> None:
        """Remove the token from a request."""
        with suppress(KeyError):
            del request.headers[_spec.TOKEN_HEADER]

    def redacted(self, response: httpx.Response) -> httpx.Response:
        """Return an answer without the token, should the server have put it there, spelled in whatever way."""
        content = self.hidden(response.content)
        headers = [(name, self.hidden(value)) for name, value in response.headers.raw]
        if content == response.content and headers == response.headers.raw:
            return response
        copy = changed(response, content, headers)
        copy.elapsed = response.elapsed
        return copy

    def hidden(self, data: bytes) -> bytes:
        """Return bytes without the token."""
        # Each byte is a character, and the token has no others.
        text = data.decode("latin-1")
        redacted = redact(text, self._reveal())
        return data if redacted is text else redacted.encode("latin-1")

    def redact_error(self, error: BaseException) -> None:
        """Take the token out of the words of an error, and of all that led to it.

        Args:
            error: The error; one that led to it and cannot be changed is cut off.
        """
        for each in chain(error):
            each.args = tuple(self._redacted(value) for value in each.args)
            if notes := getattr(each, "__notes__", None):
                each.__notes__ = [self._redacted(note) for note in notes]
        for each in chain(error):
            if self._is_shown_by(each.__cause__):
                each.__cause__ = None
            if self._is_shown_by(each.__context__):
                each.__context__ = None

    def redacted_text(self, text: str) -> str:
        """Return text without the token; the very same object if it is not there."""
        return redact(text, self._reveal())

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redacted_text(value)
        return self.hidden(bytes(value)) if isinstance(value, bytes | bytearray) else value

    def _is_shown_by(self, error: BaseException | None) -> bool:
        """Return whether an error shows the token elsewhere than in its arguments, which can be redacted."""
        said = f"{error!s}{error!r}"
        return self.redacted_text(said) is not said


def find_token(value: object) -> Token | str:
    """Wrap a token that was given, or else the one of the environment.

    Args:
        value: What was given; None if nothing was.

    Returns:
        The token; or what keeps it from being sent and what to do, without showing it.
    """
    if value is None and (found := os.environ.get(_spec.TOKEN_VARIABLE)) is not None:
        return as_token(found, f"the API token in {_spec.TOKEN_VARIABLE}")
    return as_token(value)


def as_token(value: object, what: str = "the API token") -> Token | str:
    """Wrap a token, or say what keeps it from being sent and what to do, without showing it.

    Args:
        value: The token; None if there is none.
        what: What to call it.
    """
    give = f"pass `token=...` or set the variable {_spec.TOKEN_VARIABLE}"
    if value is None:
        return f"no API token; {give}"
    if not isinstance(value, str):
        return f"{what} must be a string, got {type(value).__name__}"
    prefix = _spec.TOKEN_PREFIX.lower()
    faults = {
        f"is empty; {give}": not value,
        "is in quotes; leave them out": value[:1] in QUOTES and value[:1] == value[-1:],
        f"begins with `{_spec.TOKEN_PREFIX.strip()}`; leave that out, the client adds it": (
            prefix != "" and value.lower().startswith(prefix)
        ),
        "holds a line break, as text read from a file often does; strip it": "\n" in value or "\r" in value,
        "holds white space or characters outside ASCII; copy it again": (
            not (value.isascii() and value.isprintable()) or " " in value
        ),
    }
    if fault := next((fault for fault, is_there in faults.items() if is_there), ""):
        return f"{what} {fault}"
    return Token(str(value))
