"""Media types: which of them the package sends and reads, and as what."""

from collections.abc import Mapping
from typing import Any

BYTES = "application/octet-stream"
TEXT = "text/plain"
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
FORMS = {URLENCODED, "multipart/form-data"}
BINARY: Mapping[str, str] = {"type": "string", "format": "binary"}


def plain(name: str) -> str:
    """Return a media type without its parameters."""
    return name.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Return whether a media type is JSON."""
    return plain(name) == JSON or plain(name).endswith("+json")


def preferred(content: Mapping[str, Any]) -> str:
    """Choose the media type that is asked for where a response comes in several: JSON, else the first."""
    return next((name for name in content if is_json(name)), next(iter(content), ""))


def read_as(name: str, schema: Mapping[str, Any]) -> str:
    """Return what a media type is read as: JSON, text or bytes, or itself if its schema is of something else."""
    if is_json(name) or plain(name) in FORMS:
        return plain(name)
    if plain(name).startswith("text/") and schema.get("format") != "binary":
        return TEXT
    if not schema or schema.get("format") == "binary" or (plain(name) == BYTES and schema.get("type") == "string"):
        return BYTES
    return TEXT if schema.get("type") == "string" else plain(name)
