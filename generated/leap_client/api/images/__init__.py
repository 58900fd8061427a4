# Generated from openapi.yaml by `make generate`. Do not edit.
"""One module for each operation; each has the functions `sync`, `sync_detailed`, `asyncio` and `asyncio_detailed`."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import delete as delete
    from . import find_one as find_one
    from . import generate as generate
    from . import list_all as list_all

__all__ = (
    "delete",
    "find_one",
    "generate",
    "list_all",
)
_HOMES = {
    "list_all": ".list_all",
    "generate": ".generate",
    "find_one": ".find_one",
    "delete": ".delete",
}


def __getattr__(name: str) -> Any:
    """Load an operation when it is first asked for, since few programs need them all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(_HOMES[name], __name__)
    # What is called like its home is the module itself. A global now, so the next look-up does not come here.
    value = globals()[name] = module if _HOMES[name] == f".{name}" else getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
