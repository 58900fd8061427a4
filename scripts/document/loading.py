"""Reading a document from a file, and finding one's way in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class DocumentError(Exception):
    """The document cannot be turned into a package; the message says where and why."""


def load(path: Path) -> dict[str, Any]:
    """Read a document from a YAML or JSON file.

    Args:
        path: The file.

    Returns:
        The document as plain dicts and lists.

    Raises:
        DocumentError: The file is missing, not YAML, holds a key twice, or is no OpenAPI document.
    """
    try:
        raw = YAML(typ="safe").load(path)
    except OSError as error:
        raise DocumentError(f"{path.name}: {error.strerror}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise DocumentError(f"{path.name}{place}: {' '.join(str(error.problem).split())}") from error
    if not isinstance(raw, dict) or "openapi" not in raw:
        raise DocumentError(f"{path.name}: no OpenAPI document: the key `openapi` is missing at the top")
    for key in ("info", "paths"):
        if not isinstance(raw.get(key), dict):
            raise DocumentError(f"{path.name}: the key `{key}` is missing at the top or is no mapping")
    for key in ("title", "version"):
        if not isinstance(raw["info"].get(key), str):
            raise DocumentError(f"{path.name}: info/{key} is missing or is no string")
    return raw


def server_url(server: dict[str, Any]) -> str:
    """Give the address of a server, its variables filled in with their defaults."""
    url: str = server.get("url", "")
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url.rstrip("/")


def operations_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the operations of a document."""
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def is_error(status: str, responses: dict[Any, Any]) -> bool:
    """Tell whether a response is an error; `default` is one as soon as a success is documented beside it."""
    if status == "default":
        return any(str(other).startswith("2") for other in responses)
    return status[:1] in {"3", "4", "5"}


def mappings_in(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in the document, the outer ones first."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from mappings_in(child)
