# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the service sends to your server, as objects."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from .errors import DecodeError
from .models import InferenceEntity


def parse(body: bytes | str | Mapping[str, Any]) -> InferenceEntity:
    """Read what the service sent.

    Sent once a job has finished or failed.

    Args:
        body: The body of the request: its bytes, its text, or the JSON object that your framework made of it.

    Returns:
        The object.

    Raises:
        DecodeError: The body is not what the service sends; it says where and why.
    """
    message = _load(body)
    return InferenceEntity.from_dict(message)


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


def _load(body: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(body, Mapping):
        return body
    try:
        message = json.loads(body)
    except (ValueError, TypeError, RecursionError) as error:
        raise DecodeError("", f"is no JSON: {error}") from error
    if not isinstance(message, dict):
        raise DecodeError("", f"should be an object, got {type(message).__name__}")
    return message
