"""Signatures, docstrings and errors of the rendered package, read without importing it."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import griffe

STATUSES = re.compile(r"\((\d{3}(?:, \d{3})*)\)")


class Entry(NamedTuple):
    """An argument, an attribute or an error, with its type and description."""

    name: str
    type: str
    text: str
    required: bool = False
    by_keyword: bool = False


class Function(NamedTuple):
    """A public function or method."""

    name: str
    signature: str
    returns: str
    summary: str
    text: str
    arguments: list[Entry]
    result: str
    raises: list[Entry]


class Package:
    """A package in a folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self._package: Any = griffe.load(name, search_paths=[folder], allow_inspection=False)

    def text(self, path: str) -> str:
        """Return the docstring of a module, a class or a function, without its first paragraph."""
        return str(self._package[path].docstring.value).partition("\n\n")[2]

    def value(self, path: str) -> str:
        """Return the value of a constant, as code; without decimals that say nothing."""
        return str(self._package[path].value).removesuffix(".0")

    def chosen(self, module: str, names: list[str]) -> list[Function]:
        """Return functions and methods of a module by name."""
        return [_function(self._package[module][name])._replace(name=name) for name in names]

    def functions(self, path: str) -> dict[str, Function]:
        """Return the public functions of a module or methods of a class, in order."""
        members = self._package[path].functions.items()
        return {name: _function(each) for name, each in members if not name.startswith("_")}

    def attributes(self, path: str) -> list[Entry]:
        """Return the attributes of a class, public properties included."""
        cls = self._package[path]
        properties = [
            Entry(name, str(each.annotation or ""), _flat(each.docstring.value))
            for name, each in cls.attributes.items()
            if "property" in each.labels and not name.startswith("_")
        ]
        return [*_entries(cls, "attributes"), *properties]

    def options(self, path: str) -> list[Entry]:
        """Return the arguments of a class, with the types of its `__init__`."""
        cls = self._package[path]
        types = {each.name: str(each.annotation) for each in cls.functions["__init__"].parameters}
        return [entry._replace(type=types[entry.name]) for entry in _entries(cls, "parameters")]

    def errors(self) -> dict[str, list[str]]:
        """Return the classes of errors, in order, and the statuses that each is raised for."""
        classes = self._package["errors"].classes.items()
        found = {name: STATUSES.search(cls.docstring.value) for name, cls in classes}
        return {name: statuses[1].split(", ") if statuses else [] for name, statuses in found.items()}


def _function(function: Any) -> Function:
    summary, _, text = function.docstring.value.partition("\n\nArgs:\n")[0].partition("\n\n")
    # Of several ways to call it, the last one is spelt out: an object that knows the arguments comes before.
    ways = function.overloads or [function]
    arguments = []
    for entry in _entries(function, "parameters"):
        parameter = ways[-1].parameters[entry.name]
        by_keyword = parameter.kind is griffe.ParameterKind.keyword_only
        arguments.append(entry._replace(required=parameter.required, by_keyword=by_keyword))
    returned = [*_entries(function, "returns"), *_entries(function, "yields")]
    return Function(
        name=function.name,
        signature="\n".join(f"def {way.signature()}: ..." for way in ways),
        returns=str(function.returns),
        summary=_flat(summary),
        text=_flat(text),
        arguments=arguments,
        result=" ".join(each.text for each in returned),
        raises=_entries(function, "raises"),
    )


def _entries(owner: Any, kind: str) -> list[Entry]:
    """Parse one section of a docstring, ignoring the document's own text before the arguments."""
    text = owner.docstring.value
    start = max(text.rfind("\nArgs:\n"), 0)
    plain = {"warnings": False, "returns_multiple_items": False, "returns_named_value": False}
    sections = griffe.Docstring(text[start:], parent=owner).parse("google", **plain)
    return [
        Entry(getattr(each, "name", "") or str(each.annotation), str(each.annotation or ""), _flat(each.description))
        for section in sections
        if section.kind.value == kind
        for each in section.value
    ]


def _flat(text: str) -> str:
    """Undo the wrapping of a text."""
    return " ".join(re.sub(r"(?<=\w-)\n\s*(?=\w)", "", text).split())
