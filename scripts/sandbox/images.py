"""The origin of the image files, separate from the API, which must never be sent a token."""

import asyncio
import io
import logging
import random
import textwrap
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .jobs import Jobs

LOGGER = logging.getLogger("sandbox")
LARGEST = 4096  # openapi.yaml sets no maximum


def application(jobs: Jobs) -> Starlette:
    """Create the application that serves the images of jobs, and warns of requests with a token."""

    async def image(request: Request) -> Response:
        if "authorization" in request.headers:
            LOGGER.warning("The image host was sent a token, which belongs to the API alone: %s", request.url.path)
        job, index = jobs.existing.get(request.path_params["job"]), request.path_params["index"]
        if job is None or not jobs.is_finished(job) or index >= len(job.image_ids):
            raise HTTPException(404)
        wanted = job.request
        size = (min(wanted["width"], LARGEST), min(wanted["height"], LARGEST))
        content = await asyncio.to_thread(picture, wanted["prompt"], f"{wanted['seed']}/{index}", size)
        return Response(content, media_type="image/png")

    return Starlette(routes=[Route("/image-gen-{job}/generated_images/{index:int}.png", image)])


@lru_cache(maxsize=64)
def picture(prompt: str, seed: str, size: tuple[int, int]) -> bytes:
    """Paint a sky and a sun in colours drawn from the seed, with the word sandbox and the prompt on it."""
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    hue, (width, height) = dice.randrange(360), size
    sky = Image.linear_gradient("L").resize(size)
    image = ImageOps.colorize(sky, f"hsv({hue}, 60%, 30%)", f"hsv({(hue + 70) % 360}, 60%, 85%)")
    draw, sun = ImageDraw.Draw(image), (width * dice.uniform(0.2, 0.8), height * dice.uniform(0.3, 0.5))
    draw.circle(sun, min(size) * dice.uniform(0.06, 0.12), fill=(255, 246, 222))
    draw.text((width / 2, height * 0.06), "sandbox", "white", ImageFont.load_default(max(width // 14, 12)), anchor="ma")
    font = ImageFont.load_default(max(width // 28, 9))
    missing = bytes(font.getmask("\U0010ffff"))
    # A prompt with characters that the font lacks would be a row of boxes.
    if all(bytes(font.getmask(character)) != missing for character in prompt if not character.isspace()):
        text = "\n".join(textwrap.wrap(prompt, width=48, max_lines=3, placeholder="..."))
        draw.multiline_text((width / 2, height * 0.95), text, "white", font, anchor="md", align="center")
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
