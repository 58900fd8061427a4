# Generated from openapi.yaml by `make generate`. Do not edit.
"""Types that the whole package shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from os import PathLike
from typing import IO, BinaryIO, Final, Generic, Literal, NamedTuple, TypeVar

import httpx


class Unset:
    """The type of `UNSET`, which stands for a value that nobody gave; there is one, however it is copied."""

    _instance: Unset | None = None

    def __new__(cls) -> Unset:  # noqa: PYI034 - there is one, and none of a subclass
        """Return the only instance."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        # A string tells copy, deepcopy and pickle that the object is this module's global of that name.
        return "UNSET"


UNSET: Final = Unset()

FileContent = IO[bytes] | bytes | str
# Name, content and media type of a file, and headers of its part, as httpx takes them.
FileTypes = tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
RequestFiles = list[tuple[str, FileTypes]]


class File(NamedTuple):
    """A file to upload, or one that was received.

    Attributes:
        payload: The file, open in binary mode.
        file_name: Its name, if it has one.
        mime_type: Its media type, if known.
    """

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None


# What can be uploaded: an open file, its bytes, its path, or a `File` to give it another name or a media type.
Upload = File | BinaryIO | bytes | PathLike[str]

T = TypeVar("T")


class Response(NamedTuple, Generic[T]):
    """An answer, with everything that is known of it.

    Attributes:
        status_code: The HTTP status.
        headers: The response headers.
        content: The body as it came, decompressed.
        parsed: The body as an object of the package.
        request: The request that was answered, without the token.
        elapsed: Time from sending the request to having the whole answer, of the last attempt.
    """

    status_code: int
    headers: httpx.Headers
    content: bytes
    parsed: T
    request: httpx.Request
    elapsed: timedelta


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset", "Upload"]
