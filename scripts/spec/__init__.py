"""The OpenAPI document, read once: load, check, and a frozen model of what it says.

`load` reads a file, with the line of everything in it. `spec.check` applies the rules. `Document.operations` and its
like say what goes over the wire; `spec.model` joins that with the names and types that it gets in Python.
"""

from .document import (
    METHODS,
    Callback,
    Document,
    Operation,
    Pagination,
    Parameter,
    RequestBody,
    Response,
    Wait,
    load,
    parse,
)
from .rules import check, report
from .tree import Finding, Level, Place, SpecError, Steps, Tree, pointer

__all__ = [
    "METHODS",
    "Callback",
    "Document",
    "Finding",
    "Level",
    "Operation",
    "Pagination",
    "Parameter",
    "Place",
    "RequestBody",
    "Response",
    "SpecError",
    "Steps",
    "Tree",
    "Wait",
    "check",
    "load",
    "parse",
    "pointer",
    "report",
]
