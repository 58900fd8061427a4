"""Errors of transports: what they mean, and without the token."""

from __future__ import annotations

import sys

import httpx


def forget_frames(error: BaseException | None) -> None:
    """Take the tracebacks off an error and what led to it, since the variables of httpx in them hold the token."""
    if error is not None:
        error.__traceback__ = None
        forget_frames(error.__cause__)
        if error.__context__ is not error.__cause__:
            forget_frames(error.__context__)


def as_httpx(error: Exception) -> httpx.RequestError:
    """Give what httpx would have raised in the place of what a transport raised.

    httpx-aiohttp says of nearly all that happens to a connection that it could not be made in time, even of one that
    was lost after sending, and lets pass what aiohttp makes of an answer that is not HTTP. The cause is left behind,
    since aiohttp keeps the headers of the request in it.

    Args:
        error: What a transport raised.

    Returns:
        The error of httpx.

    Raises:
        Exception: The same, if it is about no connection.
    """
    aiohttp = sys.modules.get("aiohttp")
    cause = error.__cause__ if isinstance(error, httpx.RequestError) else error
    if aiohttp is None or not isinstance(cause, aiohttp.ClientError):
        if isinstance(error, httpx.RequestError):
            return error
        raise error
    detail = str(cause) or type(cause).__name__
    if isinstance(cause, aiohttp.ClientConnectorError):
        return httpx.ConnectError(detail)
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(detail)
    if isinstance(cause, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(detail)
    return httpx.RemoteProtocolError(detail)
