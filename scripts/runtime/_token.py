"""The token: sent, and otherwise seen nowhere."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable
from typing import Any

import httpx

from . import _spec
from ._answers import changed

# A shorter token is none in earnest, and is found in every other word.
SHORTEST_SECRET = 8
HIDDEN = b"[token]"


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
        request.headers.pop(_spec.TOKEN_HEADER, None)

    def redacted(self, response: httpx.Response) -> httpx.Response:
        """Give an answer without the token, should the server have put it there, spelled in whatever way."""
        pattern = re.compile("".join(map(_spellings, self._reveal())).encode(), re.IGNORECASE)
        if len(self._reveal()) < SHORTEST_SECRET:
            pattern = re.compile(rb"(?<![a-z0-9])" + pattern.pattern + rb"(?![a-z0-9])", re.IGNORECASE)
        content = pattern.sub(HIDDEN, response.content)
        headers = [(name, pattern.sub(HIDDEN, value)) for name, value in response.headers.raw]
        if content == response.content and headers == response.headers.raw:
            return response
        copy = changed(response, content, headers)
        copy.elapsed = response.elapsed
        return copy


def _spellings(char: str) -> str:
    """Give a pattern for a character as it is in text, JSON, a URL or HTML."""
    code, plain, entity = ord(char), re.escape(char), re.escape(html.escape(char))
    return rf"(?:{entity}|{plain}|\\{plain}|\\u{code:04x}|%{code:02x}|&#{code};|&#x{code:x};)"


def find_token(value: object) -> Token | str:
    """Wrap a token that was given, or else the one of the environment.

    Args:
        value: What was given; None if nothing was.

    Returns:
        The token; or what keeps it from being sent, without showing it.
    """
    return as_token(os.environ.get(_spec.TOKEN_VARIABLE) if value is None else value)


def as_token(value: object) -> Token | str:
    """Wrap a token, or say what keeps it from being sent, without showing it."""
    if value is None:
        return "there is none"
    if not isinstance(value, str):
        return "it is no string"
    if not value:
        return "it is empty"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "it holds white space or characters outside ASCII"
    return Token(str(value))
