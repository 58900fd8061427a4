"""What the document says of the fields of models; in a package, the rendered `_schemas` replaces this stand-in."""

from typing import Any

FIELDS: dict[str, dict[str, dict[str, Any]]] = {}
