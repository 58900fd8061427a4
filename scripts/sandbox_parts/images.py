"""The origin of the image files, which is not the API's, and must not be sent a token."""

import asyncio
import colorsys
import hashlib
import io
import math
import random
import re
import textwrap
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .jobs import Service

ADDRESS = re.compile(r"/image-gen-(?P<job>[^/]+)/generated_images/(?P<index>\d+)\.png")
RANGE = re.compile(r"bytes=(?P<start>\d*)-(?P<end>\d*)")

# Nobody looks at pictures larger than this, and a document without a maximum would let one fill the memory.
LARGEST = 4096
SMALLEST_WITH_TEXT = 64


class Images:
    """The files as an ASGI application.

    Args:
        service: Where the jobs are.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it.

        Args:
            scope: The server's description of the request.
            receive: The server's way to the request.
            send: The server's way to the answer.
        """
        response = await self._response(Request(scope))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        """Find the file and send what was asked for of it."""
        address = ADDRESS.fullmatch(request.url.path)
        job = address and self._service.with_image(address["job"], int(address["index"]))
        if request.method not in {"GET", "HEAD"} or not address or not job:
            return Response(b"<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
        options, wanted = self._service.options, job.request
        content = await asyncio.to_thread(
            picture,
            wanted["prompt"],
            f"{wanted['seed']}/{address['index']}",
            (min(wanted["width"], LARGEST), min(wanted["height"], LARGEST)),
            options.image_format,
        )
        media_type = f"image/{options.image_format.lower()}"
        if not options.ranges:
            return Response(content, media_type=media_type)
        return part(content, media_type, request.headers)


def part(content: bytes, media_type: str, headers: Headers) -> Response:
    """Answer with a file, with the part of it that was asked for, or without it if the client has it.

    Args:
        content: The whole file.
        media_type: What it is.
        headers: The headers of the request.
    """
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    known = {"etag": tag, "accept-ranges": "bytes"}
    wanted = RANGE.fullmatch(headers.get("range", ""))
    if headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=known)
    if not wanted or wanted.group() == "bytes=-" or headers.get("if-range", tag) != tag:
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


@lru_cache(maxsize=64)
def picture(prompt: str, seed: str, size: tuple[int, int], image_format: str) -> bytes:
    """Paint hills under a sky, with the prompt below.

    Args:
        prompt: What the image should have shown.
        seed: Decides colours and forms.
        size: Width and height in pixels.
        image_format: What kind of file to make, by Pillow's name.
    """
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    hue = dice.uniform(0.5, 0.95)  # From turquoise over blue and violet to red.
    image = _sky(hue, size)
    _sun(image, dice)
    for layer in range(4):
        _hill(image, dice, hue, layer)
    if min(size) >= SMALLEST_WITH_TEXT:
        _caption(image, prompt)
    file = io.BytesIO()
    image.save(file, image_format, compress_level=1)
    return file.getvalue()


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    """Mix a colour."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _sky(hue: float, size: tuple[int, int]) -> Image.Image:
    """Paint four corners and blend them, which is a hundred times as fast as painting every pixel."""
    corners = Image.new("RGB", (2, 2))
    above = [_colour(hue, 0.7, 0.45), _colour(hue + 0.05, 0.6, 0.6)]
    below = [_colour(0.07, 0.35, 1), _colour(0.12, 0.25, 1)]
    corners.putdata(above + below)
    return corners.resize(size, Image.Resampling.BICUBIC)


def _sun(image: Image.Image, dice: random.Random) -> None:
    """Paint a sun into the upper half."""
    radius = min(image.size) * dice.uniform(0.06, 0.12)
    x, y = image.width * dice.uniform(0.2, 0.8), image.height * dice.uniform(0.2, 0.5)
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=(255, 246, 222))


def _hill(image: Image.Image, dice: random.Random, hue: float, layer: int) -> None:
    """Paint a range of hills, the nearer the darker."""
    top = image.height * (0.55 + 0.11 * layer)
    swing, waves, phase = image.height * dice.uniform(0.02, 0.07), dice.uniform(1, 3), dice.uniform(0, math.tau)
    points = []
    for step in range(65):
        turn = step / 64 * math.tau * waves + phase
        points.append((image.width * step / 64, top + swing * (math.sin(turn) + 0.3 * math.sin(2.7 * turn))))
    outline = [*points, (image.width, image.height), (0, image.height)]
    ImageDraw.Draw(image).polygon(outline, fill=_colour(hue + 0.03 * layer, 0.55, 0.55 - 0.12 * layer))


def _caption(image: Image.Image, prompt: str) -> None:
    """Write the prompt on the nearest hill."""
    font_size = max(image.width // 28, 9)
    lines = textwrap.wrap(prompt, width=48, max_lines=3, placeholder="...")
    place = (image.width / 2, image.height - font_size * (0.6 + 1.3 * len(lines)))
    font = ImageFont.load_default(font_size)
    ImageDraw.Draw(image).multiline_text(place, "\n".join(lines), "white", font, anchor="ma", align="center")
