"""The OpenAPI document, read once: load, check, and a frozen model of what it says.

`load` reads a file, with the line of everything in it. `spec.check` applies the rules. `Document.operations` and its
like say what goes over the wire; `spec.model` joins that with the names and types that it gets in Python.
"""

from .document import METHODS, Document, Operation, load
from .rules import check, report
from .source import Finding, Level, SpecError

__all__ = [
    "METHODS",
    "Document",
    "Finding",
    "Level",
    "Operation",
    "SpecError",
    "check",
    "load",
    "report",
]
