"""Taking a secret out of a text, whether it is there as it is or escaped.

Each way to escape is undone for the text as a whole, and the secret is looked for in what comes of it. All of it takes
time in proportion to the text, whatever it holds.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter

# A shorter secret is none in earnest, and is found in every other word.
SHORTEST_SECRET = 8
HIDDEN = b"[token]"
# JSON, URLs and HTML; the text itself comes first. No pattern can match in two ways, so none ever backtracks.
ESCAPES = (
    re.compile(rb"\\(?:u[0-9a-fA-F]{4}|[^u])"),
    re.compile(rb"%[0-9a-fA-F]{2}"),
    re.compile(rb"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-zA-Z]{2,8});"),
)
WORD = re.compile(rb"[a-z0-9]")


def hide(secret: bytes, text: bytes) -> bytes:
    """Give a text without a secret, in whatever case it is spelled.

    Args:
        secret: The secret; not empty.
        text: The text.

    Returns:
        The text, with a mark in every place where the secret was.
    """
    text = _replaced(text, _places(secret, text))
    for escape in ESCAPES:
        plain, bounds = _unescaped(text, escape)
        if len(bounds) > 1:
            spans = [(_original(start, bounds), _original(end, bounds)) for start, end in _places(secret, plain)]
            text = _replaced(text, spans)
    return text


def _places(secret: bytes, text: bytes) -> Iterator[tuple[int, int]]:
    """Find a secret; a short one only as a word by itself."""
    secret, text = secret.lower(), text.lower()
    start = text.find(secret)
    while start >= 0:
        end = start + len(secret)
        inside = WORD.match(text[max(start - 1, 0) : start]) or WORD.match(text[end : end + 1])
        if len(secret) >= SHORTEST_SECRET or not inside:
            yield start, end
        else:
            end = start + 1
        start = text.find(secret, end)


def _unescaped(text: bytes, escape: re.Pattern[bytes]) -> tuple[bytes, list[tuple[int, int]]]:
    """Undo escapes, and tell where what follows each of them begins: there, and in the text."""
    parts, bounds, size, end = [], [(0, 0)], 0, 0
    for found in escape.finditer(text):
        meant = _meaning(found[0])
        parts += [text[end : found.start()], meant]
        size += found.start() - end
        bounds.append((size, found.start()))
        size, end = size + len(meant), found.end()
        bounds.append((size, end))
    return b"".join([*parts, text[end:]]), bounds


def _original(place: int, bounds: list[tuple[int, int]]) -> int:
    """Find the place in the text that belongs to one in what it means."""
    meant, original = bounds[bisect_right(bounds, place, key=itemgetter(0)) - 1]
    return original + place - meant


def _meaning(escape: bytes) -> bytes:
    """Give the character that an escape stands for, as one byte; none of a secret if it is outside ASCII."""
    name = escape.decode("latin-1")
    if name[0] == "&":
        char = html.unescape(name)
    elif name[:2] == "\\u":
        char = chr(int.from_bytes(bytes.fromhex(name[2:])))
    elif name[0] == "%":
        char = chr(bytes.fromhex(name[1:])[0])
    else:
        char = name[1:]
    return char.encode() if len(char) == 1 and char.isascii() else b"\xff"


def _replaced(text: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    parts, end = [], 0
    for start, stop in spans:
        parts += [text[end:start], HIDDEN]
        end = stop
    return b"".join([*parts, text[end:]])
