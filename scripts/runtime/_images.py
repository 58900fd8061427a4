"""What is known of images before and after they are saved: their names, their kinds, and whether they are whole."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from .errors import DecodeError

LONGEST_NAME = 100
LONGEST_BEGINNING = 12
# No camera and no program writes as many segments before the picture itself.
MOST_SEGMENTS = 1000
END_OF_PNG = b"IEND\xaeB`\x82"
START_OF_SCAN, END_OF_JPEG, MARKER = b"\xff\xda", b"\xff\xd9", 0xFF
END_OF_GIF = b"\0;"


def _is_whole_png(data: mmap.mmap) -> bool:
    return data.rfind(END_OF_PNG) >= 0


def _is_whole_jpeg(data: mmap.mmap) -> bool:
    """Return whether the end comes after the last scan; a preview among the metadata has an end of its own."""
    place = 2
    for _ in range(MOST_SEGMENTS):
        if data[place : place + 2] == START_OF_SCAN:
            return data.find(END_OF_JPEG, data.rfind(START_OF_SCAN, place)) >= 0
        if place + 4 > len(data) or data[place] != MARKER:
            break
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return False


def _is_whole_gif(data: mmap.mmap) -> bool:
    return data[-len(END_OF_GIF) :] == END_OF_GIF


def _is_whole_webp(data: mmap.mmap) -> bool:
    return len(data) >= int.from_bytes(data[4:8], "little") + 8


class Kind(NamedTuple):
    """A kind of image: how its files are called and begin, and what tells that one is whole."""

    extension: str
    begins: re.Pattern[bytes]
    is_whole: Callable[[mmap.mmap], bool]


KINDS = (
    Kind(".png", re.compile(rb"\x89PNG\r\n\x1a\n"), _is_whole_png),
    Kind(".jpg", re.compile(rb"\xff\xd8\xff"), _is_whole_jpeg),
    Kind(".gif", re.compile(rb"GIF8[79]a"), _is_whole_gif),
    Kind(".webp", re.compile(rb"RIFF....WEBP", re.DOTALL), _is_whole_webp),
)


def kind_of(beginning: bytes) -> Kind | None:
    """Return the format of an image file; None if it is not a known one.

    Args:
        beginning: Its first bytes.
    """
    return next((kind for kind in KINDS if kind.begins.match(beginning)), None)


def is_whole(file: BinaryIO, kind: Kind) -> bool:
    """Return whether an image is there to its end, whatever its server said of its size.

    Args:
        file: The file; not empty.
        kind: What kind of image it is.
    """
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return kind.is_whole(data)


class Source(NamedTuple):
    """An image to fetch: its address, or why there is none, and the name of its file without an extension."""

    uri: str | DecodeError
    name: str


def sources(items: list[Any], uri_of: Callable[[Any], str], stem: str) -> list[Source]:
    """Name the images of an object, in the order of the number that each has in its address.

    Args:
        items: The images, in any order.
        uri_of: Tells the address of one.
        stem: What all names begin with.

    Returns:
        The images. If their addresses do not number them all apart, they are numbered as they came.
    """
    uris = [_read(uri_of, item) for item in items]
    numbers = [number for uri in uris if isinstance(uri, str) and (number := _number(uri)) is not None]
    if len(set(numbers)) < len(uris):
        numbers = list(range(len(uris)))
    numbered = sorted(zip(numbers, uris, strict=True), key=lambda each: each[0])
    return [Source(uri, f"{stem}-{number}") for number, uri in numbered]


def single(item: Any, uri_of: Callable[[Any], str], stem: str) -> list[Source]:
    """Name one image, alone; see `sources`."""
    return [Source(_read(uri_of, item), stem)]


def stem_of(item: Any, key_of: Callable[[Any], str]) -> str:
    """Return what the names of files begin with: the key of what they belong to, if it can be read."""
    key = _read(key_of, item)
    return file_name(key) if isinstance(key, str) else "image"


def _read(value_of: Callable[[Any], str], item: Any) -> str | DecodeError:
    try:
        return value_of(item)
    except DecodeError as error:
        return error


def _number(uri: str) -> int | None:
    """Find the number of an image at the end of the path of its address."""
    path = uri.partition("?")[0].partition("#")[0]
    found = re.search(r"([0-9]{1,9})(?:\.[A-Za-z0-9]+)?$", path.rpartition("/")[2])
    return int(found[1]) if found else None


def file_name(text: str) -> str:
    """Make a string safe to be the name of a file, whatever the server put into it, and different from all others."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", text).lstrip(".-")[:LONGEST_NAME] or "image"
    return name if name == text else f"{name}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
