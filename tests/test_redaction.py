"""The search for the token in what a server sent: it finds every spelling, in time in proportion to the text."""

import html
import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leap_client._redaction import HIDDEN, hide

TOKENS = {
    "hexadecimal": "5f3a7c9e9d554f0e8a5e0d1c2b3a4f5e7788",
    "one letter": "a" * 36,
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYWFhYWFhYWFhIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "escapes": r"%41%41\\u0041&amp;&#65;\\\\%%&&&&;;",
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "JSON": json.dumps,
    "JSON in numbers": lambda token: "".join(f"\\u{ord(char):04X}" for char in token),
    "URL": lambda token: quote(token, safe=""),
    "URL in numbers": lambda token: "".join(f"%{ord(char):02x}" for char in token),
    "HTML": html.escape,
    "HTML in numbers": lambda token: "".join(f"&#{ord(char)};" for char in token),
    "HTML in hexadecimal": lambda token: "".join(f"&#x{ord(char):X};" for char in token),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("token", TOKENS)
def test_every_spelling_is_hidden(token: str, spelling: str) -> None:
    """A token is hidden however the server has spelled it, and nothing but the token is."""
    spelled = SPELLINGS[spelling](TOKENS[token]).strip('"')
    text = f'before "{spelled}" between {spelled} after'.encode()
    assert hide(TOKENS[token].encode(), text) == b'before "%s" between %s after' % (HIDDEN, HIDDEN)


@pytest.mark.parametrize("token", TOKENS)
def test_beginnings_of_the_token_take_few_steps(token: str) -> None:
    """Beginnings of a token of every length, repeated, cost no more lines of code than any text of that length."""
    secret = TOKENS[token].encode()
    for spell in SPELLINGS.values():
        for length in range(1, len(secret)):
            text = (spell(TOKENS[token][:length]) + "... ").encode() * 3
            assert steps(secret, text) < 50 * len(text) + 500


@given(secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8), text=st.binary())
def test_any_other_text_stays(secret: str, text: bytes) -> None:
    """A text without the token stays as it is, and takes few steps."""
    if secret.lower().encode() not in text.lower() and not any(mark in text for mark in b"&%\\\\"):
        assert hide(secret.encode(), text) == text
    assert steps(secret.encode(), text) < 50 * len(text) + 500


def steps(secret: bytes, text: bytes) -> int:
    """Count the lines that a search executes; what it calls in C is linear by itself."""
    count = 0

    def trace(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        hide(secret, text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(("text", "hidden"), [("a key: abc.", "a key: [token]."), ("abcd, 1abc", "abcd, 1abc")])
def test_short_token_is_hidden_only_as_a_word(text: str, hidden: str) -> None:
    """A token that is as short as a syllable does not make holes into other words."""
    assert hide(b"abc", text.encode()) == hidden.encode()
