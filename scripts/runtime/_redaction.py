"""Taking a secret out of text, in time that grows no faster than the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

HIDDEN = "[token]"
# A shorter secret is none in earnest, and is found in every other word.
SHORTEST_SECRET = 8
# A character as JSON, Python, URLs and HTML spell it. No alternative begins like another one and none repeats, so that
# nothing is read twice.
SPELLED = re.compile(
    r"""\\(?: u([0-9a-f]{4}) | x([0-9a-f]{2}) | (.) )
      | % ([0-9a-f]{2})
      | & (?: \#x([0-9a-f]{1,6}) | \#([0-9]{1,7}) | (amp|lt|gt|quot|apos) ) ;""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# What was escaped more often is not readable either.
DEPTH = 3
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class Layer(NamedTuple):
    """Text with its escapes undone once, and where its pieces came from."""

    text: str
    starts: list[int]
    origins: list[int]

    def origin(self, index: int) -> int:
        """Return where the character at an index was before."""
        piece = bisect_right(self.starts, index) - 1
        return self.origins[piece] + index - self.starts[piece]


def redact(text: str, secret: str) -> str:
    """Replace a secret wherever it stands in a text, whatever its case, and however its characters are escaped.

    Args:
        text: The text.
        secret: The secret; ASCII.

    Returns:
        The text without it; the very same object if it is not there.
    """
    # A secret may itself look like something escaped.
    spellings = {secret.translate(LOWER), *(layer.text.translate(LOWER) for layer in _layers(secret))}
    spans = _find(text, spellings, [])
    layers: list[Layer] = []
    for layer in _layers(text):
        layers.append(layer)
        spans += _find(layer.text, spellings, layers)
    pieces, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            pieces += [text[end:start], HIDDEN]
        end = max(end, stop)
    return "".join([*pieces, text[end:]]) if spans else text


def _layers(text: str) -> list[Layer]:
    """Undo escapes again and again, until there are none, or enough was done."""
    layers: list[Layer] = []
    while len(layers) < DEPTH:
        layer = _undo(text)
        if len(layer.starts) == 1:
            break
        layers.append(layer)
        text = layer.text
    return layers


def _undo(text: str) -> Layer:
    pieces, starts, origins, end, size = [], [0], [0], 0, 0
    for found in SPELLED.finditer(text):
        pieces += [text[end : found.start()], _character(found)]
        size += found.start() - end
        starts += [size, size + 1]
        origins += [found.start(), found.end()]
        size, end = size + 1, found.end()
    return Layer("".join([*pieces, text[end:]]), starts, origins)


def _character(found: re.Match[str]) -> str:
    *hexadecimal, decimal, name = (found[group] for group in (1, 2, 4, 5, 6, 7))
    if found[3] is not None:
        return found[3]
    if name:
        return NAMED[name.lower()]
    code = int(decimal) if decimal else int(next(filter(None, hexadecimal)), 16)
    return chr(code) if code <= ord("\U0010ffff") else "\ufffd"


def _find(text: str, spellings: set[str], layers: list[Layer]) -> list[tuple[int, int]]:
    """Find where a secret stands in a layer of a text, as places in the text."""
    lowered, spans = text.translate(LOWER), []
    for spelling in spellings:
        start = lowered.find(spelling)
        while start >= 0:
            stop = start + len(spelling)
            if len(spelling) >= SHORTEST_SECRET or _is_word(text, start, stop):
                spans.append(_original(start, stop, layers))
            start = lowered.find(spelling, stop)
    return spans


def _is_word(text: str, start: int, stop: int) -> bool:
    return not text[max(start - 1, 0) : start].isalnum() and not text[stop : stop + 1].isalnum()


def _original(start: int, stop: int, layers: list[Layer]) -> tuple[int, int]:
    for layer in reversed(layers):
        start, stop = layer.origin(start), layer.origin(stop)
    return start, stop
