"""What bulk runs know of the document; in a package, the rendered `_spec` takes the place of this stand-in."""

from typing import Any

import attrs

from ._rules import Field, Rules


@attrs.define(kw_only=True)
class Body:
    """Stands for the model of a request body."""

    text: str
    number: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the object as it is in JSON."""
        return attrs.asdict(self)


class Client:
    """Stands for a client."""

    def __init__(self, token: str | None = None, **options: Any) -> None:
        self.token = token
        self.options = options


RULES = Rules(
    client=Client,
    async_client=Client,
    body=Body,
    fields=(Field("text", "text", "string"), Field("number", "number", "integer")),
    scope_flag="scope",
    scope_names={},
    resource="things",
    submit="create",
    find="find",
    list="list_all",
    page="page",
    size="page_size",
    first_page=0,
    files="files",
    uri="uri",
    state="state",
    success=("done",),
    failure=("failed",),
    key="id",
    key_wire="id",
    created="created_at",
    recognised=("text", "number"),
    drawn="number",
    draw_from=1,
    draw_to=2**31 - 1,
    counted=None,
    document="",
)
