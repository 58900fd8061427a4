# Generated from openapi.yaml by `make generate`. Do not edit.
"""A client library for accessing Leap"""

from . import errors
from .client import VERSION as __version__
from .client import AsyncLeap, Leap
from .models.public_model import PublicModel
from .types import UNSET, Response, Unset

__all__ = (
    "UNSET",
    "AsyncLeap",
    "Leap",
    "PublicModel",
    "Response",
    "Unset",
    "__version__",
    "errors",
)
