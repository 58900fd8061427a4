# Generated from openapi.yaml by `make generate`. Do not edit.
"""What clients and the parts of their APIs look like to whoever explores them."""

from __future__ import annotations

from typing import Any


class PublicNames:
    """The base of what is explored by `dir` and by completion: names that nobody should use are not among its own."""

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]


class Resource(PublicNames):
    """The base of the parts of an API."""

    _client: Any

    def __repr__(self) -> str:
        names = [name for name in dir(self) if not name.endswith("_detailed")]
        return f"<{type(self).__name__} of {self._client!r}: {', '.join(names)}>"
