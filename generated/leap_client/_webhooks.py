# Generated from openapi.yaml by `make generate`. Do not edit.
"""What every service may send to a server of yours: how to read it, and how to know who sent it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from .errors import DecodeError


def load(body: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the body of a request.

    Args:
        body: Its bytes, its text, or the JSON object that a framework made of it.

    Returns:
        The JSON object.

    Raises:
        DecodeError: It is no JSON object.
    """
    if isinstance(body, Mapping):
        return body
    try:
        message = json.loads(body)
    except (ValueError, TypeError, RecursionError) as error:
        raise DecodeError("", f"is no JSON: {error}") from error
    if not isinstance(message, dict):
        raise DecodeError("", f"should be an object, got {type(message).__name__}")
    return message


def unwrap(message: Mapping[str, Any], place: str, names: set[str]) -> Mapping[str, Any]:
    """Take an object out of its wrapper, if it is in one: then more of what it should say is within than without."""
    wrapped = message.get(place)
    if not isinstance(wrapped, Mapping) or len(names & wrapped.keys()) <= len(names & message.keys()):
        return message
    # What the wrapper says of the object holds where the object itself does not say it.
    return {**wrapped, **{name: message[name] for name in names & message.keys() if wrapped.get(name) is None}}


def verify(secret: str, given: str | None) -> bool:
    """Tell whether a request came with the secret that you put into the address of your server.

    Args:
        secret: The secret, not empty.
        given: What the request has in its place; None if it has nothing.

    Returns:
        True if both are the same. The time that takes says nothing about the secret.

    Raises:
        ValueError: The secret is empty, so that it would let anybody in.
    """
    if not secret:
        raise ValueError("secret must not be empty")
    return hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), (given or "").encode("utf-8", "surrogatepass"))
