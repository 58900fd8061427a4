# Generated from openapi.yaml by `make generate`. Do not edit.
"""Errors of transports: what they mean, and without the token."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator

import httpx


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that led to it, each once."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [each.__cause__, each.__context__]


def forget_frames(error: BaseException) -> None:
    """Take the tracebacks off an error and what led to it, since the variables of httpx in them hold the token."""
    for each in chain(error):
        each.__traceback__ = None


def as_httpx(error: Exception) -> httpx.RequestError | None:
    """Return what httpx would have raised in the place of what a transport raised.

    httpx-aiohttp says of nearly all that happens to a connection that it could not be made in time, even of one that
    was lost after sending, and lets pass what aiohttp makes of an answer that is not HTTP. The cause is left behind,
    since aiohttp keeps the headers of the request in it.

    Args:
        error: What a transport raised.

    Returns:
        The error of httpx; None if it is about no connection.
    """
    aiohttp = sys.modules.get("aiohttp")
    cause = error.__cause__ if isinstance(error, httpx.RequestError) else error
    if isinstance(error, ssl.SSLError):
        # anyio lets pass what TLS has to say once the connection is made.
        return httpx.ReadError(f"TLS failed: {error}")
    if aiohttp is None or not isinstance(cause, aiohttp.ClientError):
        return error if isinstance(error, httpx.RequestError) else None
    detail = str(cause) or type(cause).__name__
    if isinstance(cause, aiohttp.ClientConnectorError):
        return httpx.ConnectError(detail)
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(detail)
    if isinstance(cause, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(detail)
    return httpx.RemoteProtocolError(detail)
