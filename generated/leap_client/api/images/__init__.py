# Generated from openapi.yaml by `make generate`. Do not edit.
"""One module for each operation; each has the functions `sync`, `sync_detailed`, `asyncio` and `asyncio_detailed`."""

from . import delete, find_one, generate, list_all

__all__ = (
    "delete",
    "find_one",
    "generate",
    "list_all",
)
