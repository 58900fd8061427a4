"""What a journal has to know of the run that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ._errors import JournalError


class Facts(NamedTuple):
    """What identifies a run.

    Attributes:
        digest: Identifies the input.
        document: Identifies the rules of the document.
        rows: How many rows the input has.
        scope: What the jobs are submitted to.
        part: Which part of the rows it is about; empty for all.
        secret: What a draw depends on, if the journal is new.
        files_of: Tells how many files a request asks for.
    """

    digest: str
    document: str
    rows: int
    scope: str
    part: str
    secret: int
    files_of: Callable[[Mapping[str, Any]], int]

    def header(self) -> dict[str, Any]:
        """Give what a session begins with."""
        return {
            "input": self.digest,
            "document": self.document,
            "rows": self.rows,
            "scope": self.scope,
            "part": self.part,
        }

    def check(self, line: Mapping[str, Any], path: Path) -> None:
        """Refuse the journal of another run.

        Raises:
            JournalError: It is one.
        """
        header = self.header()
        if line.get("document") != header["document"]:
            raise JournalError(
                f"{path} was begun by another version of this package, under other rules; finish it with that version, "
                "or use another directory"
            )
        if any(line.get(name) != value for name, value in header.items()):
            raise JournalError(
                f"{path} belongs to another input; go on with that input, or use another directory for this one"
            )
