"""The changes of openapi.yaml that its maintainers make: each a file of tests/spec_changes.

edit:         what becomes of the document, as `merge` reads it
changes:      lines that `make changes` must print; beside them nothing may break
use:          Python that must run with `leap`, a client of the new package on a sandbox of the new document
reference:    lines of the reference
refused:      how `make lint` and `make generate` refuse the document, instead of all these
"""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML

from changes.change import Change

FOLDER = Path(__file__).parents[1] / "spec_changes"


@dataclass(frozen=True)
class Edit:
    """A change of the document, and what must come of it."""

    edit: dict[str, Any]
    changes: list[str] = field(default_factory=list)
    use: str = ""
    reference: list[str] = field(default_factory=list)
    recorded: dict[str, Any] = field(default_factory=dict)
    refused: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file."""
        return cls(**YAML(typ="safe").load(path))

    def apply(self, document: Any) -> None:
        """Change a document, be it one that keeps its comments."""
        merge(document, self.edit)


EDITS = {path.stem: Edit.read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def merge(old: MutableMapping[str, Any], new: dict[str, Any]) -> None:
    """Apply a JSON merge patch, in which an object can also say what to `remove` from a list and what to `add` to it.

    Args:
        old: What to change.
        new: The patch: null removes a key, an object changes an object, anything else replaces what there was.
    """
    for key, value in new.items():
        now = old.get(key)
        if value is None:
            del old[key]
        elif isinstance(now, list) and isinstance(value, dict):
            for each in value.get("remove", ()):
                now.remove(each)
            # Places that share a list by an alias of YAML change it once.
            now += (each for each in value.get("add", ()) if each not in now)
        elif isinstance(now, MutableMapping) and isinstance(value, dict):
            merge(now, value)
        else:
            old[key] = value


def lines(found: Iterable[Change]) -> list[str]:
    """Write changes as they are printed, without the alignment.

    Args:
        found: The changes.
    """
    return sorted(" ".join(str(change).split()) for change in found)


def breaking_areas(found: Iterable[str]) -> set[str]:
    """Tell from their lines in which areas changes break something.

    Args:
        found: The lines.
    """
    return {area for area, mark, *_ in map(str.split, found) if mark == "breaking"}
