"""Redaction finds the token however it is spelled, and takes time in proportion to the text."""

import base64
import json
import random
import sys
from collections.abc import Callable
from html import escape
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest

from leap_client import _redaction
from leap_client._redaction import HIDDEN, redact

TOKENS = {
    "uuid": "3f2b8c1e-9a77-4d05-b1f4-0c6f3d2e8a91",
    "jwt": ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": "1234567890", "name": "A" * 200}, {"signature": 1})
    ),
    "markup": """a"b'c<d>&e\\f/g""",
    "already escaped": "a%41b&amp;c\\u0041d",
    "repetitive": "ab" * 20,
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "code points": lambda text: "".join(f"\\u{ord(char):04X}" for char in text),
    "bytes": lambda text: repr(text.encode())[2:-1],
    "URL": lambda text: quote(text, safe=""),
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "every character": lambda text: "".join(f"%{ord(char):02x}" for char in text),
    "HTML": escape,
    "numbers": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "hexadecimal": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "every other one": lambda text: "".join(f"%{ord(char):02X}" if n % 2 else char for n, char in enumerate(text)),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("token", TOKENS)
def test_every_spelling(token: str, spelling: str) -> None:
    """The token is replaced, and nothing beside it."""
    spelled = SPELLINGS[spelling](TOKENS[token])
    assert redact(f'é {{"a": "{spelled}"}} {spelled}!', TOKENS[token]) == f'é {{"a": "{HIDDEN}"}} {HIDDEN}!'


@pytest.mark.parametrize("token", TOKENS)
def test_nothing_to_hide(token: str) -> None:
    """Text without the token is given back itself, whatever part of the token it holds, and however it is escaped."""
    secret = TOKENS[token]
    for length in range(len(secret)):
        text = f"Invalid API key {secret[:length]}... \\u0041 %zz &#99999999; &#1114112; \\"
        assert redact(text, secret) is text


def test_a_short_secret_is_a_word() -> None:
    """A token of a few letters is hidden where it stands alone, and not within other words."""
    assert redact("key abc, abcd, xabc, 'abc'", "abc") == f"key {HIDDEN}, abcd, xabc, '{HIDDEN}'"


def steps(text: str, secret: str) -> int:
    """Count the lines that a redaction runs; what it leaves to C is a search for a string, or reads text once."""
    count = 0

    def trace(frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace if frame.f_code.co_filename == _redaction.__file__ else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        redact(text, secret)
    finally:
        sys.settrace(before)
    return count


def dice() -> random.Random:
    """The same dice for every text."""
    return random.Random(2023)  # noqa: S311 - dice, not secrets


HARD: dict[str, Callable[[str, int], str]] = {
    "prefixes": lambda secret, count: "".join(secret[: n % len(secret)] for n in range(count)),
    "one character": lambda secret, count: secret[0] * count,
    "backslashes": lambda _, count: "\\" * count,
    "per cent signs": lambda _, count: "%" * count,
    "escaped signs": lambda _, count: "%25" * count,
    "open entities": lambda _, count: "&#" * count,
    "digits": lambda _, count: "&#" + "1" * count,
    "half escaped": lambda secret, count: "".join(
        f"%{ord(char):02x}" if n % 3 else char for n, char in enumerate((secret[:-1] * count)[:count])
    ),
    "random": lambda _, count: "".join(map(chr, dice().choices(range(32, 127), k=count))),
    "the token": lambda secret, count: secret * (count // len(secret)),
}


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("token", TOKENS)
def test_steps(token: str, text: str) -> None:
    """Four times the text takes about four times the steps, however it plays with the token and with escapes."""
    secret = TOKENS[token]
    short, long = (steps(HARD[text](secret, count), secret) for count in (2_000, 8_000))
    assert long <= 6 * short + 200
    assert long <= 8_000 * 40


@pytest.mark.parametrize("token", TOKENS)
def test_no_alternative_repeats(token: str) -> None:
    """What finds an escape reads a bounded number of characters from where it begins."""
    longest = max((len(found[0]) for found in _redaction.SPELLED.finditer(TOKENS[token] * 3 + "&#x10ffff;")), default=0)
    assert longest <= 10
    assert not set("*+") & set(_redaction.SPELLED.pattern)
