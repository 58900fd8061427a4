# Generated from openapi.yaml by `make generate`. Do not edit.
"""A client library for accessing Leap"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import api as api
    from . import bulk as bulk
    from . import errors as errors
    from . import models as models
    from . import types as types
    from . import webhooks as webhooks
    from ._build import __build__ as __build__
    from .client import AsyncLeap as AsyncLeap
    from .client import Leap as Leap
    from .models.public_model import PublicModel as PublicModel
    from .types import UNSET as UNSET
    from .types import Response as Response
    from .types import Unset as Unset

__version__ = "0.1.0"
__all__ = (
    "UNSET",
    "AsyncLeap",
    "Leap",
    "Response",
    "Unset",
    "api",
    "errors",
    "models",
    "types",
    "webhooks",
    "bulk",
    "PublicModel",
    "__build__",
    "__version__",
)
_HOMES = {
    "__build__": "._build",
    "UNSET": ".types",
    "AsyncLeap": ".client",
    "Leap": ".client",
    "Response": ".types",
    "Unset": ".types",
    "api": ".api",
    "errors": ".errors",
    "models": ".models",
    "types": ".types",
    "webhooks": ".webhooks",
    "bulk": ".bulk",
    "PublicModel": ".models.public_model",
}


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for: who only reads models or webhooks does not wait for the client."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(_HOMES[name], __name__)
    # What is called like its home is the module itself. A global now, so the next look-up does not come here.
    value = globals()[name] = module if _HOMES[name] == f".{name}" else getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
