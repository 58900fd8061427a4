"""The image origin as object stores have it: parts of a file on request, and none that the client has already."""

import hashlib
import io
import re
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus

from PIL import Image
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .jobs import Options

RANGE = re.compile(r"bytes=(?P<start>\d*)-(?P<end>\d*)")


class Files:
    """An ASGI application that sends the images of another one as the options say.

    Args:
        application: What has the files.
        options: Tells the options of the moment.
    """

    def __init__(self, application: ASGIApp, options: Callable[[], Options]) -> None:
        self._application = application
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._application(scope, receive, keep)
        head, body = messages
        if head["status"] == HTTPStatus.OK:
            response = self._response(body["body"], Headers(scope=scope))
            head = {**head, "status": response.status_code, "headers": response.raw_headers}
            body = {**body, "body": response.body}
        await send(head)
        await send(body)

    def _response(self, content: bytes, wishes: Headers) -> Response:
        """Send an image in its format, whole or in part."""
        kind = self._options().image_format
        if kind != "PNG":
            content = converted(content, kind)
        media_type = f"image/{kind.lower()}"
        return part(content, media_type, wishes) if self._options().ranges else Response(content, media_type=media_type)


@lru_cache(maxsize=64)
def converted(content: bytes, kind: str) -> bytes:
    """Save an image in another format, by Pillow's name."""
    file = io.BytesIO()
    Image.open(io.BytesIO(content)).save(file, kind)
    return file.getvalue()


def part(content: bytes, media_type: str, wishes: Headers) -> Response:
    """Answer with a file, with the part of it that was asked for, or without it if the client has it.

    Args:
        content: The whole file.
        media_type: What it is.
        wishes: The headers of the request.
    """
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    known = {"etag": tag, "accept-ranges": "bytes"}
    wanted = RANGE.fullmatch(wishes.get("range", ""))
    if wishes.get("if-none-match") == tag:
        return Response(status_code=304, headers=known)
    if not wanted or wanted.group() == "bytes=-" or wishes.get("if-range", tag) != tag:
        return Response(content, headers=known, media_type=media_type)
    start, stop = _bounds(wanted["start"], wanted["end"], len(content))
    if start >= stop:
        return Response(status_code=416, headers={**known, "content-range": f"bytes */{len(content)}"})
    span = {"content-range": f"bytes {start}-{stop - 1}/{len(content)}"}
    return Response(content[start:stop], 206, headers={**known, **span}, media_type=media_type)


def _bounds(start: str, end: str, size: int) -> tuple[int, int]:
    """Turn `10-19`, `10-` or `-10` into the bounds of a slice."""
    if not start:
        return max(size - int(end), 0), size
    return int(start), min(int(end) + 1, size) if end else size
