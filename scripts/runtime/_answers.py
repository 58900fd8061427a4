"""Answers that have been read to their end."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta

import httpx

NOTHING = httpx.ByteStream(b"")
ABOUT_THE_BODY = {b"content-encoding", b"content-length", b"transfer-encoding"}


def complete(answer: httpx.Response, body: bytes | None, request: httpx.Request, started: float) -> httpx.Response:
    """Put its body into an answer that has been cut off from the connection it came on.

    Args:
        answer: The answer.
        body: The body as it came, perhaps compressed; None if the answer has it already.
        request: The request, without the token.
        started: When it was sent.

    Returns:
        The answer. A body that cannot be decompressed is in it as it came.
    """
    answer.request = request
    answer.next_request = None
    answer.extensions.pop("network_stream", None)
    if body is not None:
        answer.stream = httpx.ByteStream(body)
        try:
            answer.read()
        except httpx.DecodingError:
            answer = changed(answer, body, answer.headers.raw)
    answer.elapsed = timedelta(seconds=time.perf_counter() - started)
    return answer


def changed(answer: httpx.Response, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> httpx.Response:
    """Copy an answer with another body and other headers; those that describe how the body came are left out."""
    kept = [(name, value) for name, value in headers if name.lower() not in ABOUT_THE_BODY]
    stream, request = httpx.ByteStream(body), answer.request
    copy = httpx.Response(
        answer.status_code, headers=kept, stream=stream, request=request, extensions=answer.extensions
    )
    copy.read()
    return copy
