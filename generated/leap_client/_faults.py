# Generated from openapi.yaml by `make generate`. Do not edit.
"""Errors of transports: what they mean, and without the token."""

from __future__ import annotations

import re
import ssl
import sys
from collections.abc import Iterator
from urllib.request import getproxies

import httpx

from . import _spec

# What keeps a connection from being made, in the words of Python, anyio and aiohttp, and what to do about it.
REMEDIES = (
    (
        "getaddrinfo|[Nn]ame (or service|resolution|does not resolve)|nodename nor servname|No address associated",
        "The host name is not known: check {place}, and the network",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "Its certificate is not trusted: if your network has certificates of its own, name their file in SSL_CERT_FILE",
    ),
    (
        "SSL|TLS",
        "It may not speak https there: check {place}, or the proxy of your network",
    ),
    (
        "refused|Connect call failed|attempts failed",
        "Nothing accepts connections there: check {place}, and whether the server runs",
    ),
    (
        "ConnectTimeout",
        "Nothing answers there: check {place}, and whether a firewall is in the way",
    ),
    (
        "[Pp]roxy",
        "The proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY refuses: check its address and its password",
    ),
)


BASE_URL = f"`base_url` or the variable {_spec.SERVER_VARIABLE}"


def remedy(error: BaseException, place: str) -> str:
    """Tell the likely cause of a connection that could not be made, and what to do; empty if that is not known.

    Args:
        error: What httpx raised.
        place: Where the caller has the address of the server from.
    """
    if getproxies().keys() & {"http", "https", "all"}:
        place += ", the proxy that the environment names"
    said = " ".join(f"{each!r}" for each in chain(error))
    return next((advice.format(place=place) for pattern, advice in REMEDIES if re.search(pattern, said)), "")


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
    kinds = {
        aiohttp.ClientHttpProxyError: httpx.ProxyError,
        aiohttp.ClientConnectorError: httpx.ConnectError,
        aiohttp.ConnectionTimeoutError: httpx.ConnectTimeout,
        aiohttp.ServerTimeoutError: httpx.ReadTimeout,
        aiohttp.ClientError: httpx.RemoteProtocolError,
    }
    kind = next(ours for theirs, ours in kinds.items() if isinstance(cause, theirs))
    return kind(str(cause) or type(cause).__name__)
