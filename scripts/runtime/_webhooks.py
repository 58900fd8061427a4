"""What every service may send to a server of yours: how to read it, and how to know who sent it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import DecodeError


def load(body: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the body of a request.

    Args:
        body: Its bytes, its text, or the JSON object that a framework made of it.

    Returns:
        The JSON object.

    Raises:
        DecodeError: It is not a JSON object.
    """
    if isinstance(body, Mapping):
        return body
    try:
        message = json.loads(body) if isinstance(body, (bytes, bytearray, str)) else body
    except (ValueError, RecursionError) as error:
        raise DecodeError("", f"is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise DecodeError("", f"should be an object, got {type(message).__name__}")
    return message


def unwrap(message: Mapping[str, Any], place: str, names: Sequence[str], envelope: Sequence[str]) -> Mapping[str, Any]:
    """Take an object out of its envelope, if it is in one: unless the message itself says more of what only it can say.

    Args:
        message: What was sent.
        place: The property that may hold the object.
        names: The properties of the object.
        envelope: The properties that an envelope may have besides.

    Returns:
        The object. What the envelope says holds where the object does not say it.
    """
    wrapped, only = message.get(place), set(names) - set(envelope)
    if not isinstance(wrapped, Mapping) or len(only & wrapped.keys()) < len(only & message.keys()):
        return message
    return {**wrapped, **{name: message[name] for name in names if name in message and wrapped.get(name) is None}}


def refuse_other(message: Mapping[str, Any], names: Sequence[str], what: str) -> None:
    """Refuse what is no object of the kind at all.

    Args:
        message: The object, as it was sent.
        names: The properties that it may have.
        what: Its class.

    Raises:
        DecodeError: It has none of them.
    """
    if names and message.keys().isdisjoint(names):
        raise DecodeError("", f"has no field of {what}")


def judged(job: Mapping[str, Any], verdict: object, states: Sequence[str], ended: Sequence[str]) -> Mapping[str, Any]:
    """Set the state of a job that has none to the one that the verdict of its envelope stands for.

    Args:
        job: The job.
        verdict: Whether it is a success, if the envelope says so.
        states: The properties that may hold the state.
        ended: The state of a success, and that of a failure.
    """
    if not isinstance(verdict, bool) or any(job.get(name) is not None for name in states):
        return job
    return {**job, states[0]: ended[0] if verdict else ended[1]}


def verify(secret: str, given: str | None) -> bool:
    """Return whether a request carries the secret that you put into the webhook URL.

    Args:
        secret: The secret, not empty.
        given: The secret of the request; None if it has none.

    Returns:
        Whether both are equal, compared in constant time.

    Raises:
        ValueError: The secret is empty, so that it would let anybody in.
    """
    if not secret:
        raise ValueError("secret must not be empty")
    return hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), (given or "").encode("utf-8", "surrogatepass"))
