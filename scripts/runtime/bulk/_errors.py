"""What keeps a bulk run from starting, or ends it."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ServiceError

MOST_SHOWN = 100


class BadRow(NamedTuple):
    """One mistake in the input.

    Attributes:
        source: The file, or what stands for it.
        line: The line, or the number of the row; from 1.
        column: The column or field; empty for the line as a whole.
        reason: What is wrong.
    """

    source: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.source}, line {self.line}{column}: {self.reason}"


class BulkError(ServiceError):
    """A bulk run cannot start, or cannot go on; nothing was lost."""


class InputError(BulkError, ValueError):
    """The input has mistakes; nothing was sent.

    Attributes:
        rows: The mistakes, the first thousand of them.
        count: How many there are.
    """

    def __init__(self, rows: list[BadRow], count: int) -> None:
        self.rows = rows
        self.count = count
        shown = [str(row) for row in rows[:MOST_SHOWN]]
        if count > len(shown):
            shown.append(f"... and {count - len(shown)} more")
        super().__init__("\n".join(["the input has mistakes; nothing was sent:", *shown]))


class JournalError(BulkError):
    """The directory holds another run, a damaged one, or one that is still going on."""


class ClaimLost(BulkError):  # noqa: N818  # named like the other errors
    """Another runner has taken over; this one stops without sending anything more."""
