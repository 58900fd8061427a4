"""How parameters are written: the styles of OpenAPI, and which of them the runtime can write."""

from collections.abc import Mapping
from typing import Any

DEFAULTS = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
SEPARATORS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def style_of(place: str, raw: Mapping[str, Any]) -> str:
    """Return what the runtime is told of a parameter: what joins its items, where that is not the usual way."""
    style = raw.get("style", DEFAULTS[place])
    explode = raw.get("explode", style == "form")
    if style == "simple":
        return "=" if explode else ""
    if style == "deepObject":
        return "[]"
    return "" if explode or place == "cookie" else SEPARATORS[style]
