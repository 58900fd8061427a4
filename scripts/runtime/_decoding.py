"""Decompressing what a server sends, no further than it is wanted."""

from __future__ import annotations

import zlib

import httpx

GZIP, ZLIB, RAW_DEFLATE = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
FORMATS = {"gzip": GZIP, "x-gzip": GZIP, "deflate": ZLIB}


def coding(headers: httpx.Headers) -> str:
    """Return how a body is compressed, in the words of its header; empty if it is not."""
    codings = [each.strip().lower() for each in headers.get("content-encoding", "").split(",")]
    return ", ".join(each for each in codings if each not in {"", "identity"})


class Inflater:
    """Decompresses a body piece by piece.

    Args:
        name: How it is compressed, one of `FORMATS`. One that is compressed twice could grow a million times.
    """

    def __init__(self, name: str) -> None:
        self._inflate = zlib.decompressobj(FORMATS[name])
        self._may_be_raw = name == "deflate"

    def take(self, chunk: bytes, most: int) -> bytes:
        """Decompress a piece.

        Args:
            chunk: The piece.
            most: How many bytes are wanted; more are not even made.

        Returns:
            The bytes.

        Raises:
            zlib.error: It is not compressed as it should be.
        """
        try:
            found = self._inflate.decompress(chunk, most)
        except zlib.error:
            if not self._may_be_raw:
                raise
            # Some servers send what the standard does not mean.
            self._inflate = zlib.decompressobj(RAW_DEFLATE)
            found = self._inflate.decompress(chunk, most)
        self._may_be_raw = False
        return found
