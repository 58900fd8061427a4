"""The origin of the image files, which is not the API's, and must not be sent a token."""

import asyncio
import colorsys
import io
import logging
import random
import re
import textwrap
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .jobs import Jobs

LOGGER = logging.getLogger("sandbox")
ADDRESS = re.compile(r"/image-gen-(?P<job>[^/]+)/generated_images/(?P<index>\d+)\.png")

# Nobody looks at pictures larger than this, and a document without a maximum would let one fill the memory.
LARGEST = 4096
SMALLEST_WITH_TEXT = 64


class Images:
    """The files as an ASGI application, which counts the requests that had a token."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.tokens_received = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope)
        if "authorization" in request.headers:
            self.tokens_received += 1
            LOGGER.warning("The image host was sent a token, which belongs to the API alone: %s", request.url.path)
        response = await self._response(request)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        """Find the file."""
        address = ADDRESS.fullmatch(request.url.path)
        job = address and self.jobs.existing.get(address["job"])
        there = job and self.jobs.folder(job) and address and int(address["index"]) < len(job.image_ids)
        if request.method not in {"GET", "HEAD"} or not address or not job or not there:
            return Response(b"<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
        wanted = job.request
        size = (min(wanted["width"], LARGEST), min(wanted["height"], LARGEST))
        seed = f"{wanted['seed']}/{address['index']}"
        content = await asyncio.to_thread(picture, wanted["prompt"], seed, size)
        return Response(content, media_type="image/png")


@lru_cache(maxsize=64)
def picture(prompt: str, seed: str, size: tuple[int, int]) -> bytes:
    """Paint a sky in colours of the seed, and write on it whose work it is, and the prompt."""
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    hue = dice.random()
    # Four corners, blended: a hundred times as fast as painting every pixel.
    corners = Image.new("RGB", (2, 2))
    corners.putdata([_colour(hue + turn, value) for turn, value in ((0, 0.3), (0.07, 0.45), (0.15, 0.7), (0.2, 0.85))])
    image = corners.resize(size, Image.Resampling.BICUBIC)
    draw, radius = ImageDraw.Draw(image), min(size) * dice.uniform(0.06, 0.12)
    draw.circle((size[0] * dice.uniform(0.2, 0.8), size[1] * dice.uniform(0.3, 0.5)), radius, fill=(255, 246, 222))
    if min(size) >= SMALLEST_WITH_TEXT:
        _write(draw, size, prompt)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _colour(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, 0.6, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _write(draw: ImageDraw.ImageDraw, size: tuple[int, int], prompt: str) -> None:
    """Write `sandbox` above, and the prompt below unless it has a character that the font lacks."""
    width, height = size
    put: Callable[..., Any] = draw.multiline_text
    put((width / 2, height * 0.06), "sandbox", "white", ImageFont.load_default(max(width // 14, 12)), anchor="ma")
    font = ImageFont.load_default(max(width // 28, 9))
    missing = bytes(font.getmask("\U0010ffff"))
    if any(bytes(font.getmask(character)) == missing for character in prompt if not character.isspace()):
        return
    text = "\n".join(textwrap.wrap(prompt, width=48, max_lines=3, placeholder="..."))
    put((width / 2, height * 0.95), text, "white", font, anchor="md", align="center")
