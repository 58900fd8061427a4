"""What can go wrong with a request."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal, Self

from sandbox.api import error_body

Json = dict[str, Any] | list[Any] | str | float | bool | None
Framing = Literal["length", "chunked", "close"]
Moment = Literal["unread", "request", "answer"]

JSON = {"content-type": "application/json"}
PAGE = b"<!DOCTYPE html>\n<title>Just a moment...</title>\n<h1>Just a moment...</h1>\n"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with a request: whether the application acts, what is answered, how that gets on the wire.

    The class methods make the usual ones, and `dataclasses.replace` combines them. Without a `status` the answer is
    the application's own.

    Args:
        acts: Whether the application handles the request although its answer is not wanted.
        status: Status that is answered instead of the application's own answer.
        headers: Headers of that answer.
        body: Body of that answer.
        drop: Close the connection instead of answering: once the head has arrived (`unread`), once some of the body
            has (`request`), or once the whole request has (`answer`).
        reset: Whether a dropped connection is reset rather than closed.
        delay: Seconds before the answer; infinite for none at all.
        drip: Seconds before each byte.
        drip_head: Whether the head drips, too.
        cut: Close the connection after this many bytes of the body.
        share: Close the connection after this share of the body.
        claim: What the head says that the length is, whatever it is.
        framing: How the end of the body is told: by its `length`, by being `chunked`, or by the `close` alone.
        endless: Whether the body never ends.
        hang_up: Whether the connection is closed after the answer, without having said so: the next request may be
            on its way already.
    """

    acts: bool = False
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    drop: Moment | None = None
    reset: bool = False
    delay: float = 0.0
    drip: float | None = None
    drip_head: bool = False
    cut: int | None = None
    share: float | None = None
    claim: int | None = None
    framing: Framing = "length"
    endless: bool = False
    hang_up: bool = False

    @property
    def reaches(self) -> bool:
        """Whether the application handles the request, because it shall or because its answer is needed."""
        return self.acts or (self.status is None and self.drop is None and not math.isinf(self.delay))

    @property
    def raw(self) -> bool:
        """Whether the answer must get past the server, which sends nothing but correct HTTP."""
        odd = self.framing != "length" or self.endless or self.hang_up
        return odd or any(part is not None for part in (self.drip, self.cut, self.share, self.claim))

    # Another answer than the application's. `acts` tells whether it handles the request first.

    @classmethod
    def answer(
        cls,
        status: int,
        *,
        retry_after: float | datetime | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        acts: bool = False,
    ) -> Self:
        """Answer with a status.

        Args:
            status: The status.
            retry_after: The `Retry-After` header: seconds, or the moment as a date.
            headers: Further headers.
            body: The body; by default what the API would say.
            acts: Whether the application handles the request first.
        """
        wait = {} if retry_after is None else {"retry-after": _retry_after(retry_after)}
        content = error_body(status) if body is None else body
        kind = JSON if body is None and content else {}
        return cls(status=status, headers={**kind, **wait, **(headers or {})}, body=content, acts=acts)

    @classmethod
    def json(cls, body: Json, *, status: int = 200, acts: bool = False) -> Self:
        """Answer with JSON of whatever form.

        Args:
            body: The JSON value.
            status: The status.
            acts: Whether the application handles the request first.
        """
        return cls(status=status, headers=JSON, body=json.dumps(body).encode(), acts=acts)

    @classmethod
    def invalid_json(cls, *, status: int = 200, acts: bool = False) -> Self:
        """Answer with something that calls itself JSON and is none.

        Args:
            status: The status.
            acts: Whether the application handles the request first.
        """
        return cls(status=status, headers=JSON, body=b'{"id": "a047', acts=acts)

    @classmethod
    def html(cls, *, status: int = 200, acts: bool = False) -> Self:
        """Answer with a web page.

        Args:
            status: The status.
            acts: Whether the application handles the request first.
        """
        return cls(status=status, headers={"content-type": "text/html; charset=utf-8"}, body=PAGE, acts=acts)

    @classmethod
    def empty(cls, *, status: int = 200, acts: bool = False) -> Self:
        """Answer without a body.

        Args:
            status: The status.
            acts: Whether the application handles the request first.
        """
        return cls(status=status, acts=acts)

    @classmethod
    def redirect(cls, url: str, *, status: int = 307, acts: bool = False) -> Self:
        """Send the client somewhere else.

        Args:
            url: Where to.
            status: The status.
            acts: Whether the application handles the request first.
        """
        return cls(status=status, headers={"location": url}, acts=acts)

    # No answer.

    @classmethod
    def dropped(cls, when: Moment = "answer", *, acts: bool = False, reset: bool = False) -> Self:
        """Close the connection instead of answering.

        Args:
            when: How much of the request is read before that.
            acts: Whether the application handles the request first; goes with `answer` alone.
            reset: Whether the connection is reset rather than closed.
        """
        return cls(drop=when, acts=acts, reset=reset)

    @classmethod
    def silent(cls, *, acts: bool = False) -> Self:
        """Never answer; the client has to give up.

        Args:
            acts: Whether the application handles the request first.
        """
        return cls(delay=math.inf, acts=acts)

    # The application's own answer, badly delivered.

    @classmethod
    def late(cls, seconds: float) -> Self:
        """Answer late.

        Args:
            seconds: How late.
        """
        return cls(delay=seconds)

    @classmethod
    def dripping(cls, seconds: float, *, head: bool = False) -> Self:
        """Send the answer a byte at a time.

        Args:
            seconds: The pause before each byte.
            head: Whether the head drips, too, and not the body alone.
        """
        return cls(drip=seconds, drip_head=head)

    @classmethod
    def half(cls, *, framing: Framing = "length") -> Self:
        """Close the connection after half of the body.

        Args:
            framing: How the end of the body would have been told.
        """
        return cls(share=0.5, framing=framing)

    @classmethod
    def cut_after(cls, size: int, *, framing: Framing = "length") -> Self:
        """Close the connection after so many bytes of the body.

        Args:
            size: How many.
            framing: How the end of the body would have been told.
        """
        return cls(cut=size, framing=framing)

    @classmethod
    def unsized(cls, *, framing: Framing = "close") -> Self:
        """Do not say how long the body is.

        Args:
            framing: How the end of the body is told instead.
        """
        return cls(framing=framing)

    @classmethod
    def unending(cls) -> Self:
        """Send the body over and over, until the client has had enough."""
        return cls(framing="close", endless=True)


def _retry_after(when: float | datetime) -> str:
    """Spell the header: `120`, or `Fri, 10 Feb 2023 08:08:25 GMT`."""
    return format_datetime(when.astimezone(UTC), usegmt=True) if isinstance(when, datetime) else f"{when:g}"
