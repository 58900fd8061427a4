"""The shape of what bulk runs know of the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._checks import letters


class Field(NamedTuple):
    """A field of a request: its name in Python and in JSON, and its kind: string, integer, number, boolean or other."""

    name: str
    wire: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Where `x-wait`, `x-pagination`, `x-download` and `x-recognise` meet on a submission.

    Attributes:
        client: The class of the synchronous client.
        async_client: The class of the asynchronous client.
        body: The model of a request.
        fields: Its fields.
        scope_flag: What the command line calls the argument that all operations on a job share beside its id.
        scope_names: Names that may stand for a value of it.
        resource: The attribute of a client that has the operations.
        submit: The method that submits a job.
        find: The method that fetches one job.
        list: The method that fetches a page of jobs.
        page: The argument of `list` for the number of the page.
        size: The argument of `list` for the size of a page.
        first_page: The smallest number that a page may have.
        files: The attribute of a job that lists its files.
        uri: The attribute of a file that tells where it is.
        state: The attribute of a job that tells its state.
        success: The states of a finished job.
        failure: The states of a failed job.
        key: The attribute of a job that identifies it.
        key_wire: Its name in JSON.
        created: The attribute of a job that tells when it was submitted.
        recognised: The fields of a request by which its job can be recognised; a job has attributes of the same names.
        drawn: The one of them that is drawn where a row has none.
        draw_from: The smallest value that is drawn.
        draw_to: The largest value that is drawn.
        counted: The field of a request that says how many files it asks for; None if there is none.
        document: Identifies the rules above, so that a run is not resumed under others.
    """

    client: Any
    async_client: Any
    body: Any
    fields: tuple[Field, ...]
    scope_flag: str
    scope_names: Mapping[str, str]
    resource: str
    submit: str
    find: str
    list: str
    page: str
    size: str
    first_page: int
    files: str
    uri: str
    state: str
    success: tuple[str, ...]
    failure: tuple[str, ...]
    key: str
    key_wire: str
    created: str
    recognised: tuple[str, ...]
    drawn: str
    draw_from: int
    draw_to: int
    counted: str | None
    document: str

    def scope_named(self, name: str) -> str | None:
        """Return the value that a name stands for, however it is spelt; None if it is no name."""
        return next((value for known, value in self.scope_names.items() if letters(known) == letters(name)), None)
