# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the service sends to your server, as objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _webhooks
from ._webhooks import verify
from .models import InferenceEntity

__all__ = ("parse", "verify")


def parse(body: bytes | str | Mapping[str, Any]) -> InferenceEntity:
    """Read what the service sent, wrapped in another object or not.

    Sent once a job has finished or failed.

    Args:
        body: The body of the request: its bytes, its text, or the JSON object that your framework made of it.

    Returns:
        The object.

    Raises:
        DecodeError: The body is not what the service sends; it says where and why.
    """
    message = _webhooks.load(body)
    names = [
        "id",
        "createdAt",
        "prompt",
        "negativePrompt",
        "seed",
        "width",
        "height",
        "promptStrength",
        "numberOfImages",
        "steps",
        "images",
        "modelId",
        "state",
        "status",
        "upscalingOption",
    ]
    envelope = ["succeeded", "id", "state"]
    job = _webhooks.unwrap(message, "result", names, envelope)
    _webhooks.refuse_other(job, names, "InferenceEntity")
    ended = ("finished", "failed")
    job = _webhooks.judged(job, message.get("succeeded"), ("state", "status"), ended)
    return InferenceEntity.from_dict(job)
